import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { parse, stringify } from 'yaml';
import { folderOf } from '../../k8s/secret-files.ts';
import { writeSecrets } from '../../k8s/secrets.ts';
import { type KubeObject, ofKind } from './objects.ts';
import { copyTree, readObjects, renderAll } from './rendering.ts';

type Patch = { target: { kind: string }; patch: string };
type Kustomize = { namespace: string; commonLabels: Record<string, string>; patches: Patch[] };
type Source = {
  repoURL: string;
  targetRevision: string;
  path: string;
  plugin?: { name: string; env: { name: string; value: string }[] };
  kustomize?: Kustomize;
};
export type Application = {
  metadata: { name: string; finalizers?: string[] };
  spec: {
    project: string;
    source: Source;
    destination: { namespace: string };
    syncPolicy: { automated?: { prune?: boolean; selfHeal?: boolean } };
  };
};
type PullRequestGenerator = {
  github: { owner: string; repo: string; labels: string[]; tokenRef: { secretName: string; key: string } };
  filters: { branchMatch: string; targetBranchMatch: string }[];
  requeueAfterSeconds: number;
};
type ApplicationSet = {
  spec: {
    generators: { pullRequest: PullRequestGenerator }[];
    syncPolicy: Record<string, unknown>;
    template: Application;
  };
};

export type PullRequest = { number: number; branch: string; head_sha: string };

/** The ApplicationSets of argocd/previews. */
export const applicationSetsOf = (objects: readonly KubeObject[]) => ofKind<ApplicationSet>(objects, 'ApplicationSet');

/** What an ApplicationSet makes of a pull request. */
export function applicationOf(set: ApplicationSet, pullRequest: PullRequest): Application {
  const values = new Map(Object.entries(pullRequest).map(([name, value]) => [name, String(value)]));
  const text = JSON.stringify(set.spec.template).replace(/\{\{\.(\w+)\}\}/g, (_, name: string) => {
    const value = values.get(name);
    // goTemplateOptions: missingkey=error
    if (value === undefined) throw new Error(`A pull request has no ${name}`);
    return value;
  });
  return JSON.parse(text);
}

export type RenderResult = { status: number | null; stderr: string; objects: KubeObject[] };
export type PreviewTree = {
  /** The checkout of the pull request. */
  root: string;
  /** Runs the plugin as Argo CD does, with these variables of the Application. */
  runPlugin(env: Record<string, string>): RenderResult;
  /** Renders the source of an Application: by the plugin, or by Kustomize with the options of the source. */
  render(application: Application, revision: string): RenderResult;
  remove(): void;
};

/** A copy of the tree as the checkout of a pull request, and beside it what an administrator has installed. */
export function previewTree(): PreviewTree {
  const { root, remove } = copyTree({ secrets: false });
  const installed = path.join(root, 'installed');
  install(root, installed);
  const plugin: { spec: { generate: { command: string[] } } } = parse(
    readFileSync(path.join(installed, 'plugin.yaml'), 'utf8'),
  );
  const [program = '', ...args] = plugin.spec.generate.command.map((word) =>
    word.replace(/^\/preview\//, `${installed}/`),
  );
  const runPlugin = (env: Record<string, string>): RenderResult => {
    const run = spawnSync(program, args, {
      cwd: path.join(root, 'k8s/overlays/dev'),
      encoding: 'utf8',
      maxBuffer: 64 * 1024 * 1024,
      env: {
        PATH: `${path.join(installed, 'bin')}:${process.env.PATH}`,
        HOME: root,
        PREVIEW_SECRETS: path.join(installed, 'secrets'),
        ...env,
      },
    });
    return { status: run.status, stderr: run.stderr, objects: run.status === 0 ? readObjects(run.stdout) : [] };
  };
  const render = ({ spec: { source, destination } }: Application, revision: string): RenderResult => {
    if (source.kustomize)
      return { status: 0, stderr: '', objects: kustomize(path.join(root, source.path), source.kustomize) };
    const own = (source.plugin?.env ?? []).map(({ name, value }) => [`ARGOCD_ENV_${name}`, value]);
    return runPlugin({
      ARGOCD_APP_NAMESPACE: destination.namespace,
      ARGOCD_APP_REVISION: revision,
      ...Object.fromEntries(own),
    });
  };
  return { root, runPlugin, render, remove };
}

/** The files of the plugin, the credentials of previews, and Kustomize, which is here a part of kubectl. */
function install(root: string, installed: string): void {
  for (const folder of ['bin', 'secrets']) mkdirSync(path.join(installed, folder), { recursive: true });
  for (const name of ['plugin.yaml', 'render.sh'])
    cpSync(path.join(root, 'argocd/previews', name), path.join(installed, name));
  const k8s = path.join(root, 'k8s');
  writeSecrets(k8s, 'preview', 'make');
  for (const part of ['db', 'base'] as const)
    cpSync(folderOf(k8s, 'preview', part), path.join(installed, 'secrets'), { recursive: true });
  rmSync(path.join(k8s, 'overlays/preview'), { recursive: true });
  const script = '#!/bin/sh\n[ "$1" = build ] || exit 9\nexec kubectl kustomize "$2"\n';
  writeFileSync(path.join(installed, 'bin/kustomize'), script, { mode: 0o755 });
}

/** As Argo CD applies these options: to the kustomization of the source, before it builds. */
function kustomize(folder: string, options: Kustomize): KubeObject[] {
  const file = path.join(folder, 'kustomization.yaml');
  const before = readFileSync(file, 'utf8');
  const kustomization: { labels: object[]; patches: object[] } = parse(before);
  const { namespace, commonLabels, patches } = options;
  const changed = {
    ...kustomization,
    namespace,
    labels: [...kustomization.labels, { pairs: commonLabels }],
    patches: [...kustomization.patches, ...patches],
  };
  try {
    writeFileSync(file, stringify(changed));
    return renderAll(folder);
  } finally {
    writeFileSync(file, before);
  }
}

/** The preview that tests look at: its commit, its namespace, and what Argo CD tells the plugin of its pull request. */
export const COMMIT = '0123456789abcdef0123456789abcdef01234567';
export const NAMESPACE = 'tradepost-pr-12';
export const pluginVariables = {
  ARGOCD_APP_NAMESPACE: NAMESPACE,
  ARGOCD_APP_REVISION: COMMIT,
  ARGOCD_ENV_COMMIT: COMMIT,
  ARGOCD_ENV_HOST: 'pr-12.shop.example',
};
