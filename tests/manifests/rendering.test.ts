import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { folderOf } from '../../k8s/secret-files.ts';
import { writeSecrets } from '../../k8s/secrets.ts';
import type { KubeObject } from './objects.ts';
import {
  copyTree,
  environments,
  kubectlIsThere,
  kustomizations,
  readObjects,
  render,
  renderAll,
  repository,
} from './rendering.ts';
import { currentApis, unknownFields, violations } from './schemas.ts';

describe.runIf(kubectlIsThere())('the manifests', () => {
  let tree: ReturnType<typeof copyTree>;
  const all = new Map<string, KubeObject[]>();
  beforeAll(() => {
    tree = copyTree();
  });
  afterAll(() => tree.remove());

  const folders = kustomizations(repository);

  it.each(folders)('%s builds, without flags and without a warning', (folder) => {
    const rendered = render(path.join(tree.root, folder));
    expect(rendered).toMatchObject({ ok: true });
    if (rendered.ok) all.set(folder, rendered.objects);
  });

  it('conform to the schemas of Kubernetes 1.36 and of the operators', async () => {
    const objects = [...all.values()].flat();
    expect(objects.length).toBeGreaterThan(300);
    expect(await violations(objects)).toEqual([]);
  });

  it('have no field that the schemas do not know', () => {
    expect(unknownFields([...all.values()].flat())).toEqual([]);
  });

  it('are found out when they do not conform', async () => {
    const [deployment] = readObjects(`
      apiVersion: apps/v1
      kind: Deployment
      metadata: {name: wrong}
      spec:
        minReadySeconds: soon
        selector: {matchLabels: {a: b}}
        template: {spec: {containers: [{name: a, imagee: b}]}}`);
    if (!deployment) throw new Error('not parsed');
    expect(await violations([deployment])).toHaveLength(1);
    expect(unknownFields([deployment]).join()).toMatch(/minReadySeconds|string/);
    const misspelt = readObjects(`
      apiVersion: v1
      kind: Service
      metadata: {name: wrong}
      spec: {trafficDistributionn: PreferSameZone}`);
    expect(await violations(misspelt)).toEqual([]);
    expect(unknownFields(misspelt)).toHaveLength(1);
  });

  it('use no API that is deprecated in Kubernetes 1.36', () => {
    const used = new Set([...all.values()].flat().map(({ apiVersion }) => apiVersion));
    expect([...used].filter((api) => !currentApis.has(api))).toEqual([]);
  });

  it.each(environments)(
    '%s: db and base together are what the overlay renders, and nothing comes twice',
    (environment) => {
      const id = (o: KubeObject) => `${o.apiVersion} ${o.kind} ${o.metadata.namespace ?? ''} ${o.metadata.name}`;
      const part = (name: string) => renderAll(path.join(tree.root, 'k8s/overlays', environment, name)).map(id);
      const whole = part('.');
      const parts = [...part('db'), ...part('base')];
      expect(new Set(parts).size).toBe(parts.length);
      const cluster = renderAll(path.join(tree.root, 'k8s/base/cluster')).map(id);
      expect(whole.sort()).toEqual([...parts, ...cluster].sort());
    },
  );

  it.each(environments)('%s: everything lies in its namespace, but for what belongs to the cluster', (environment) => {
    const objects = renderAll(path.join(tree.root, 'k8s/overlays', environment));
    const outside = objects.filter(({ metadata }) => metadata.namespace !== `tradepost-${environment}`);
    expect(outside.map(({ kind }) => kind).sort()).toEqual([
      'Namespace',
      'PriorityClass',
      'PriorityClass',
      'ValidatingAdmissionPolicy',
      'ValidatingAdmissionPolicyBinding',
    ]);
    expect(outside.every(({ metadata }) => metadata.namespace === undefined)).toBe(true);
  });

  it('name the command when the secrets are missing', () => {
    const bare = copyTree({ secrets: false });
    try {
      for (const environment of environments) {
        for (const part of ['.', 'db', 'base']) {
          const rendered = render(path.join(bare.root, 'k8s/overlays', environment, part));
          expect(rendered).toMatchObject({
            ok: false,
            error: expect.stringContaining('made-by-npm-run-secrets/'),
          });
        }
      }
    } finally {
      bare.remove();
    }
  });

  it('have nothing secret in git', () => {
    const ignored = readFileSync(path.join(repository, 'k8s/.gitignore'), 'utf8');
    expect(ignored).toContain('made-by-npm-run-secrets/');
    const bare = copyTree({ secrets: false });
    try {
      writeSecrets(path.join(bare.root, 'k8s'), 'dev', 'make');
      for (const part of ['db', 'base'] as const) {
        const folder = folderOf(path.join(bare.root, 'k8s'), 'dev', part);
        expect(existsSync(folder)).toBe(true);
        expect(path.basename(folder)).toBe('made-by-npm-run-secrets');
      }
    } finally {
      bare.remove();
    }
  });
});
