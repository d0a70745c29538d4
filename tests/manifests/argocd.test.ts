import { spawnSync } from 'node:child_process';
import { chmodSync, cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { folderOf } from '../../k8s/secret-files.ts';
import { type KubeObject, ofKind } from './objects.ts';
import { copyTree, environments, kubectlIsThere, readObjects, render, renderAll, repository } from './rendering.ts';

type Kind = { group: string; kind: string };
type Project = {
  spec: {
    clusterResourceWhitelist: Kind[];
    namespaceResourceWhitelist: Kind[];
    destinations: { namespace: string }[];
    sourceRepos: string[];
  };
};
type Expression = { key: string; operator: string; values: string[] };
type ApplicationSet = {
  spec: {
    generators: { matrix: { generators: { list: { elements: Record<string, string>[] } }[] } }[];
    strategy: { type: string; rollingSync: { steps: { matchExpressions: Expression[]; maxUpdate?: number }[] } };
    template: {
      metadata: { name: string; labels: Record<string, string> };
      spec: { source: { path: string; repoURL: string }; destination: { namespace: string } };
    };
    templatePatch: string;
  };
};

describe.runIf(kubectlIsThere())('Argo CD', () => {
  let tree: ReturnType<typeof copyTree>;
  let ours: KubeObject[];
  beforeAll(() => {
    tree = copyTree();
    ours = renderAll(path.join(tree.root, 'argocd'));
  });
  afterAll(() => tree.remove());

  const filled = (text: string, values: Record<string, string>) =>
    text.replace(/\{\{\.(\w+)\}\}/g, (_, name) => values[name] ?? '');
  /** What the ApplicationSet makes, one for each environment and part. */
  const applications = () => {
    const [set] = ofKind<ApplicationSet>(ours, 'ApplicationSet');
    const [first, second] = set?.spec.generators[0]?.matrix.generators.map(({ list }) => list.elements) ?? [];
    return (first ?? [])
      .flatMap((a) => (second ?? []).map((b) => ({ ...a, ...b })))
      .map((values: Record<string, string>) => ({
        name: filled(set?.spec.template.metadata.name ?? '', values),
        path: filled(set?.spec.template.spec.source.path ?? '', values),
        namespace: filled(set?.spec.template.spec.destination.namespace ?? '', values),
        labels: Object.fromEntries(
          Object.entries(set?.spec.template.metadata.labels ?? {}).map(([key, value]) => [key, filled(value, values)]),
        ),
      }));
  };

  it('makes an Application of each part of each environment', () => {
    expect(
      applications()
        .map(({ name }) => name)
        .sort(),
    ).toEqual(['tradepost-dev-base', 'tradepost-dev-db', 'tradepost-prod-base', 'tradepost-prod-db']);
    for (const { path: folder, namespace } of applications()) {
      expect(existsSync(path.join(repository, folder, 'kustomization.yaml')), folder).toBe(true);
      expect(renderAll(path.join(tree.root, folder)).some(({ metadata }) => metadata.namespace === namespace)).toBe(
        true,
      );
    }
  });

  it('syncs databases before services and dev before prod, and prod only when somebody says so', () => {
    const [set] = ofKind<ApplicationSet>(ours, 'ApplicationSet');
    expect(set?.spec.strategy.type).toBe('RollingSync');
    const steps = (set?.spec.strategy.rollingSync.steps ?? []).map(({ matchExpressions, maxUpdate }) => ({
      maxUpdate,
      names: applications()
        .filter(({ labels }) => matchExpressions.every(({ key, values }) => values.includes(labels[key] ?? '')))
        .map(({ name }) => name),
    }));
    expect(steps).toEqual([
      { names: ['tradepost-dev-db'], maxUpdate: undefined },
      { names: ['tradepost-dev-base'], maxUpdate: undefined },
      { names: ['tradepost-prod-db'], maxUpdate: 0 },
      { names: ['tradepost-prod-base'], maxUpdate: 0 },
    ]);
    expect(set?.spec.templatePatch).toMatch(
      /if eq \.environment "dev"[\s\S]*automated: *\{ *prune: true, selfHeal: true *\}/,
    );
  });

  it('permits every kind that there is, and no namespace but ours', () => {
    const [project] = ofKind<Project>(ours, 'AppProject');
    const listed = (kinds: Kind[] | undefined) => new Set(kinds?.map(({ group, kind }) => `${group}/${kind}`));
    const [cluster, namespaced] = [
      listed(project?.spec.clusterResourceWhitelist),
      listed(project?.spec.namespaceResourceWhitelist),
    ];
    for (const object of [
      ...environments.flatMap((environment) => renderAll(path.join(tree.root, 'k8s/overlays', environment))),
      ...ours,
    ]) {
      const group = object.apiVersion.includes('/') ? object.apiVersion.split('/')[0] : '';
      const list = object.metadata.namespace ? namespaced : cluster;
      expect(list.has(`${group}/${object.kind}`), `${group}/${object.kind}`).toBe(true);
    }
    expect(cluster.has('rbac.authorization.k8s.io/ClusterRole')).toBe(false);
    expect(project?.spec.destinations.map(({ namespace }) => namespace).sort()).toEqual([
      'argocd',
      'tradepost-dev',
      'tradepost-prod',
    ]);
  });

  it('runs the Jobs of a rotation as hooks, so that none is in the way of the next', () => {
    const jobs = environments
      .flatMap((e) => renderAll(path.join(tree.root, 'k8s/overlays', e)))
      .filter(({ kind }) => kind === 'Job');
    expect(jobs).toHaveLength(8);
    for (const { metadata } of jobs) {
      expect(metadata.annotations).toMatchObject({
        'argocd.argoproj.io/hook': 'Sync',
        'argocd.argoproj.io/hook-delete-policy': 'BeforeHookCreation',
      });
    }
  });

  it('looks at the health of Applications again, and may roll them one after another', () => {
    const settings = readObjects(readFileSync(path.join(repository, 'argocd/install/argocd-cm.yaml'), 'utf8'));
    const data = Object.assign({}, ...settings.map((object) => object.data));
    expect(data['resource.customizations.health.argoproj.io_Application']).toContain('obj.status.health.status');
    expect(data['applicationsetcontroller.enable.progressive.syncs']).toBe('true');
  });

  it('gets its secrets by SOPS: what is encrypted is decrypted to where the build looks for it', () => {
    // A stand-in for sops that keeps to its command line; what is tested is that files go where they belong.
    const bin = path.join(tree.root, 'bin');
    mkdirSync(bin);
    const arguments_ = '--input-type binary --output-type binary';
    const script = [
      '#!/bin/sh',
      'case "$*" in',
      `"--encrypt --age age1test ${arguments_} "*) for f; do :; done; echo ENC; base64 < "$f" ;;`,
      `"--decrypt ${arguments_} "*) for f; do :; done; tail -n +2 "$f" | base64 -d ;;`,
      '*) echo "unexpected: $*" >&2; exit 1 ;;',
      'esac',
    ];
    writeFileSync(path.join(bin, 'sops'), script.join('\n'));
    chmodSync(path.join(bin, 'sops'), 0o755);
    const k8s = path.join(tree.root, 'k8s');
    const sh = (file: string, ...args: string[]) =>
      spawnSync('sh', [path.join(k8s, 'components/sops', file), ...args], {
        encoding: 'utf8',
        env: { ...process.env, PATH: `${bin}:${process.env.PATH}` },
      });
    const before = renderAll(path.join(k8s, 'overlays/prod/db'));
    const encrypted = sh('encrypt.sh', 'prod', 'age1test');
    expect(encrypted.stderr).toBe('');
    const kept = path.join(tree.root, 'kept');
    for (const part of ['db', 'base'] as const) {
      const folder = folderOf(k8s, 'prod', part);
      cpSync(folder, path.join(kept, part), { recursive: true });
      rmSync(folder, { recursive: true });
    }
    expect(render(path.join(k8s, 'overlays/prod/db'))).toMatchObject({ ok: false });
    for (const part of ['db', 'base'] as const) {
      const run = sh('decrypt.sh', path.join(k8s, 'overlays/prod', part));
      expect(run.stderr).toBe('');
      for (const name of readdirSync(path.join(kept, part))) {
        const now = readFileSync(path.join(folderOf(k8s, 'prod', part), name));
        expect(now.equals(readFileSync(path.join(kept, part, name))), name).toBe(true);
      }
    }
    expect(renderAll(path.join(k8s, 'overlays/prod/db'))).toEqual(before);
    const plugin = readFileSync(path.join(repository, 'argocd/install/sops-plugin.yaml'), 'utf8');
    expect(plugin).toContain('k8s/components/sops/decrypt.sh');
  });
});
