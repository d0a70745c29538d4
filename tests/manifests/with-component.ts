import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { KubeObject } from './objects.ts';
import { copyTree, type Environment, renderAll, repository } from './rendering.ts';

export type Part = 'base' | 'db';

/** The optional components, each with the part of an overlay that it belongs to. What every overlay has anyway is left out. */
export const optionalComponents: Record<string, Part> = {
  'argo-rollouts': 'base',
  backup: 'db',
  'backup/large': 'db',
  'backup/offsite': 'db',
  'cloudnative-pg': 'db',
  'cloudnative-pg/large': 'db',
  'cloudnative-pg/archive': 'db',
  'cloudnative-pg/archive/large': 'db',
  'cloudnative-pg/import': 'db',
  'cloudnative-pg/recovery': 'db',
  digests: 'base',
  'external-secrets/base': 'base',
  'external-secrets/db': 'db',
  'external-https': 'base',
  'gateway-api': 'base',
  'image-policy': 'db',
  ingress: 'base',
  keda: 'base',
  'keda/large': 'base',
  'monitoring/base': 'base',
  'monitoring/db': 'db',
  'monitoring/probe': 'base',
  'node-local-dns': 'db',
  'one-replica': 'base',
  'pull-secret': 'base',
  'sandbox-payments': 'base',
  'sign-in-providers': 'base',
  'tls/base': 'base',
  'tls/db': 'db',
  tracing: 'base',
  'single-node': 'db',
};

/** Every folder of k8s/components that holds a component, by its path below that folder. */
export function allComponents(): string[] {
  const root = path.join(repository, 'k8s/components');
  return readdirSync(root, { recursive: true, encoding: 'utf8' })
    .filter((file) => path.basename(file) === 'kustomization.yaml')
    .filter((file) => /^kind: Component$/m.test(readFileSync(path.join(root, file), 'utf8')))
    .map((file) => path.dirname(file))
    .sort();
}

/** A component and what must be there first: `keda` before `keda/large`, the archive before a recovery from it. */
export function withParents(name: string): string[] {
  const others: Record<string, string> = { 'cloudnative-pg/recovery': 'cloudnative-pg/archive', 'tls/base': 'tls/db' };
  const parent = others[name] ?? path.dirname(name);
  return parent in optionalComponents ? [...withParents(parent), name] : [name];
}

const parentsOfItsPart = (name: string): string[] =>
  withParents(name).filter((one) => optionalComponents[one] === optionalComponents[name]);

/** Adds components to an overlay of a copied tree, in this order, as a user does: one line each. One that is there already stays. */
export function addComponents(root: string, environment: Environment, names: readonly string[]): void {
  for (const name of names.flatMap(parentsOfItsPart)) {
    const part = optionalComponents[name];
    if (!part) throw new Error(`There is no optional component ${name}`);
    const file = path.join(root, 'k8s/overlays', environment, part, 'kustomization.yaml');
    const text = readFileSync(file, 'utf8');
    const line = `../../../components/${name}`;
    if (text.includes(`${line}\n`)) continue;
    const longForm = text.replace(/^components: \[(.*)\]$/m, (_, list: string) =>
      ['components:', ...list.split(', ').map((entry) => `  - ${entry}`)].join('\n'),
    );
    const changed = longForm.replace(/^components:\n(?: {2}[-#].*\n)*/m, (list) => {
      const lines = list.trimEnd().split('\n');
      const last = lines.findIndex((entry) => entry.includes('components/digests'));
      lines.splice(last < 0 ? lines.length : last, 0, `  - ${line}`);
      return `${lines.join('\n')}\n`;
    });
    if (changed === longForm) throw new Error(`${file} has no list of components`);
    writeFileSync(file, changed);
  }
}

const rendered = new Map<string, KubeObject[]>();

/** What an overlay renders with these components added. Each part is rendered once in a test file, since that takes seconds. */
export function renderWith(environment: Environment, ...names: string[]): KubeObject[] {
  const partOf = (part: Part): KubeObject[] => {
    const own = names.flatMap(withParents).filter((name) => optionalComponents[name] === part);
    const key = `${environment}/${part} ${own.join()}`;
    const found = rendered.get(key) ?? renderPart(environment, part, own);
    rendered.set(key, found);
    return structuredClone(found);
  };
  return [...partOf('db'), ...partOf('base')];
}

function renderPart(environment: Environment, part: Part, names: readonly string[]): KubeObject[] {
  const { root, remove } = copyTree();
  try {
    addComponents(root, environment, names);
    return renderAll(path.join(root, 'k8s/overlays', environment, part));
  } finally {
    remove();
  }
}
