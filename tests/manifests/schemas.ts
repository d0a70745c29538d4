import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { customViolations, hasCustomSchema } from './custom-schemas.ts';
import { type KubeObject, nameOf } from './objects.ts';
import { repository } from './rendering.ts';

/** Packages that hold the schemas, as generated from the OpenAPI of Kubernetes 1.36 and from the CRDs of each operator. */
const packages: Record<string, string> = {
  'argoproj.io/v1alpha1/AppProject': '@kubernetes-models/argo-cd',
  'argoproj.io/v1alpha1/Application': '@kubernetes-models/argo-cd',
  'argoproj.io/v1alpha1/ApplicationSet': '@kubernetes-models/argo-cd',
  'argoproj.io': '@kubernetes-models/argo-rollouts',
  'gateway.networking.k8s.io': '@kubernetes-models/gateway-api',
  'monitoring.coreos.com': '@kubernetes-models/prometheus-operator',
  'postgresql.cnpg.io': '@kubernetes-models/cloudnative-pg',
  'external-secrets.io': '@kubernetes-models/external-secrets',
  'generators.external-secrets.io': '@kubernetes-models/external-secrets',
  'keda.sh': '@kubernetes-models/keda',
};

/** What is installed with a cluster of this version, and not deprecated there. */
export const currentApis = new Set([
  'v1',
  'apps/v1',
  'batch/v1',
  'autoscaling/v2',
  'policy/v1',
  'networking.k8s.io/v1',
  'scheduling.k8s.io/v1',
  'rbac.authorization.k8s.io/v1',
  'admissionregistration.k8s.io/v1',
  'argoproj.io/v1alpha1',
  'gateway.networking.k8s.io/v1',
  'monitoring.coreos.com/v1',
  'postgresql.cnpg.io/v1',
  'barmancloud.cnpg.io/v1',
  'cert-manager.io/v1',
  'policy.sigstore.dev/v1beta1',
  'external-secrets.io/v1',
  'keda.sh/v1alpha1',
]);

/** Where the model of an object is: `kubernetes-models/apps/v1/Deployment`. */
function modelOf({ apiVersion, kind }: KubeObject): string {
  const group = apiVersion.includes('/') ? (apiVersion.split('/')[0] ?? '') : '';
  const from = packages[`${apiVersion}/${kind}`] ?? packages[group] ?? 'kubernetes-models';
  return `${from}/${apiVersion}/${kind}`;
}

type Model = new (data: object) => { validate(): void };

/** Values against the schemas: types, formats, required fields. A field that the schema does not have passes; see `unknownFields`. */
export async function violations(objects: readonly KubeObject[]): Promise<string[]> {
  const problems: string[] = [];
  for (const object of objects) problems.push(...(await violationsOnce(object)));
  return problems;
}

/** Most objects are the same in every rendering. */
const known = new Map<string, string[]>();

async function violationsOnce(object: KubeObject): Promise<string[]> {
  const text = JSON.stringify(object);
  const problems = known.get(text) ?? (await violationsOf(object));
  known.set(text, problems);
  return problems;
}

async function violationsOf(object: KubeObject): Promise<string[]> {
  if (hasCustomSchema(object)) return customViolations(object).map((problem) => `${nameOf(object)}: ${problem}`);
  try {
    const module: Record<string, Model | undefined> = await import(modelOf(object));
    const Model = module[object.kind];
    if (!Model) throw new Error('no schema');
    new Model(object).validate();
    return [];
  } catch (error) {
    return [`${nameOf(object)}: ${error instanceof Error ? error.message : error}`];
  }
}

/** Fields that the schemas do not have: the compiler finds them, since it refuses what an interface does not know. */
export function unknownFields(all: readonly KubeObject[]): string[] {
  const objects = all.filter((object) => !hasCustomSchema(object));
  const cache = path.join(repository, 'node_modules/.cache');
  mkdirSync(cache, { recursive: true });
  const folder = mkdtempSync(path.join(cache, 'manifests-'));
  try {
    // One line each, so that the number of a line is the number of an object.
    const lines = objects.map(
      (object) => `export const _: import('${modelOf(object)}').I${object.kind} = ${JSON.stringify(object)};`,
    );
    writeFileSync(
      path.join(folder, 'objects.ts'),
      lines.map((line, index) => line.replace('const _', `const o${index}`)).join('\n'),
    );
    const options = [
      '--ignoreConfig',
      '--noEmit',
      '--strict',
      '--skipLibCheck',
      '--module',
      'nodenext',
      '--target',
      'esnext',
      '--types',
      'node',
    ];
    const tsc = path.join(repository, 'node_modules/typescript/bin/tsc');
    const run = spawnSync(process.execPath, [tsc, ...options, path.join(folder, 'objects.ts')], {
      cwd: repository,
      encoding: 'utf8',
    });
    return run.stdout
      .split('\n')
      .filter((line) => line.includes('error'))
      .map((line) => {
        const index = Number(/objects\.ts\((\d+),/.exec(line)?.[1]) - 1;
        const object = objects[index];
        return `${object ? nameOf(object) : '?'}: ${line.slice(line.indexOf('error'))}`;
      });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
