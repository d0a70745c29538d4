import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parseAllDocuments } from 'yaml';
import { SECRETS_FOLDER } from '../../k8s/secret-files.ts';
import { writeSecrets } from '../../k8s/secrets.ts';
import type { KubeObject } from './objects.ts';

export const repository = path.resolve(import.meta.dirname, '../..');
export const environments = ['dev', 'prod'] as const;
export type Environment = (typeof environments)[number];

const kubectl = spawnSync('kubectl', ['version', '--client'], { encoding: 'utf8' });

/** Whether the tests of manifests can run: they need kubectl. In CI they must; elsewhere they are skipped, loudly. */
export function kubectlIsThere(): boolean {
  if (kubectl.status === 0) return true;
  if (process.env.CI) throw new Error('kubectl is not installed, and the tests of the manifests need it');
  console.warn('\n  kubectl is not installed: THE TESTS OF THE MANIFESTS ARE SKIPPED\n');
  return false;
}

/** A copy of k8s/ and argocd/ in a folder of its own, with fresh secrets for every environment, so that all of it renders. */
export function copyTree(o: { secrets: boolean } = { secrets: true }): { root: string; remove(): void } {
  const root = mkdtempSync(path.join(tmpdir(), 'tradepost-k8s-'));
  const skip = (file: string) => path.basename(file) !== SECRETS_FOLDER;
  for (const part of ['k8s', 'argocd'])
    cpSync(path.join(repository, part), path.join(root, part), { recursive: true, filter: skip });
  if (o.secrets) for (const environment of environments) writeSecrets(path.join(root, 'k8s'), environment, 'make');
  return { root, remove: () => rmSync(root, { recursive: true, force: true }) };
}

export type Rendered = { ok: true; objects: KubeObject[] } | { ok: false; error: string };

/** It ends before its 160 MB are worth collecting: a third of its CPU went into collecting garbage. */
const env = { ...process.env, GOGC: 'off' };

/** `kubectl kustomize`, without flags. */
export function render(folder: string): Rendered {
  const run = spawnSync('kubectl', ['kustomize', folder], { encoding: 'utf8', maxBuffer: 64 * 1024 * 1024, env });
  if (run.status !== 0) return { ok: false, error: run.stderr };
  if (run.stderr.trim() !== '') return { ok: false, error: `it warns: ${run.stderr}` };
  return { ok: true, objects: readObjects(run.stdout) };
}

/** The same, for a folder that must render. */
export function renderAll(folder: string): KubeObject[] {
  const rendered = render(folder);
  if (!rendered.ok) throw new Error(`${folder}: ${rendered.error}`);
  return rendered.objects;
}

/** The objects of a YAML text. Each document is parsed once, since most of them are the same in every rendering. */
export function readObjects(text: string): KubeObject[] {
  return text.split(/^---.*$/m).flatMap((document) => {
    const objects = parsed.get(document) ?? parseDocument(document);
    parsed.set(document, objects);
    return structuredClone(objects);
  });
}

const parsed = new Map<string, KubeObject[]>();

function parseDocument(text: string): KubeObject[] {
  return parseAllDocuments(text).flatMap((document) => {
    if (document.errors.length > 0) throw new Error(document.errors.join('\n'));
    // as: what every object of Kubernetes has; the rest is checked against its schema.
    const object = document.toJS() as KubeObject | null;
    if (object === null) return [];
    // Kustomize breaks long values into lines; the API server reads them all the same.
    if (object.kind === 'Secret') {
      for (const [key, value] of Object.entries(object.data ?? {}))
        Object.assign(object.data ?? {}, { [key]: value.replace(/\s/g, '') });
    }
    return [object];
  });
}

/** Every folder of k8s/ and argocd/ that has a kustomization, relative to the repository. */
export function kustomizations(root: string): string[] {
  return ['k8s', 'argocd']
    .flatMap((part) =>
      readdirSync(path.join(root, part), { recursive: true, encoding: 'utf8' }).map((file) => path.join(part, file)),
    )
    .filter((file) => path.basename(file) === 'kustomization.yaml')
    .map((file) => path.dirname(file))
    .sort();
}
