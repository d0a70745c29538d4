import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ApplicationSpec, applicationSetOf, applicationsOf, type SyncPolicy } from './argocd-applications.ts';
import { kindsOf, listed, projectOf } from './argocd-project.ts';
import { type KubeObject, ofKind } from './objects.ts';
import { copyTree, environments, kubectlIsThere, renderAll } from './rendering.ts';
import { findObject, setField } from './rule.ts';
import { unprotectedData, waveOf, wrongWaves } from './waves.ts';
import { allComponents, optionalComponents, renderWith } from './with-component.ts';

describe.runIf(kubectlIsThere())('Argo CD', () => {
  let tree: ReturnType<typeof copyTree>;
  let ours: KubeObject[];
  let installed: KubeObject[];
  beforeAll(() => {
    tree = copyTree();
    ours = renderAll(path.join(tree.root, 'argocd'));
    installed = renderAll(path.join(tree.root, 'argocd/install'));
  });
  afterAll(() => tree.remove());

  const applicationSet = () => applicationSetOf(ours);
  const project = (name: string) => projectOf(installed, name);
  const applications = () => applicationsOf(applicationSet());

  it('makes one Application per environment, of both of its parts', () => {
    expect(applications().map(({ name, environment }) => [name, environment])).toEqual([
      ['tradepost-dev', 'dev'],
      ['tradepost-prod', 'prod'],
    ]);
    for (const { environment, spec } of applications()) {
      expect(spec.destination.namespace).toBe(`tradepost-${environment}`);
      const objects = spec.sources.flatMap((source) => renderAll(path.join(tree.root, source.path)));
      const cluster = renderAll(path.join(tree.root, 'k8s/base/cluster'));
      const id = (o: KubeObject) => `${o.apiVersion} ${o.kind} ${o.metadata.namespace ?? ''} ${o.metadata.name}`;
      const overlay = renderAll(path.join(tree.root, 'k8s/overlays', environment)).map(id);
      // What a cluster has once belongs to one Application, or two would fight over it.
      expect([...objects, ...cluster].map(id).sort()).toEqual(overlay.sort());
    }
  });

  it('undoes changes by hand in dev, and syncs prod only when somebody says so', () => {
    const [dev, prod] = applications();
    expect(dev?.spec.syncPolicy.automated).toEqual({ prune: true, selfHeal: true });
    expect(prod?.spec.syncPolicy.automated).toBeUndefined();
    const counts = [dev, prod].map((application) =>
      application?.spec.ignoreDifferences.some(({ jsonPointers }) => jsonPointers?.includes('/spec/replicas')),
    );
    // Only where autoscalers own them.
    expect(counts).toEqual([false, true]);
  });

  it('deletes no data: not with an Application, not with the ApplicationSet, not with a file that leaves git', () => {
    // A finalizer in the template takes precedence over preserveResourcesOnDeletion.
    expect(JSON.stringify([...ours, ...installed])).not.toMatch(/"finalizers"/);
    const { syncPolicy } = applicationSet().spec;
    expect(syncPolicy).toEqual({ preserveResourcesOnDeletion: true, applicationsSync: 'create-update' });
    const [root] = ofKind<{ spec: { syncPolicy: SyncPolicy } }>(installed, 'Application');
    expect(root?.spec.syncPolicy.automated?.prune).toBe(false);
    for (const environment of environments) {
      const objects = [...renderWith(environment, 'backup'), ...renderWith(environment, 'cloudnative-pg')];
      expect(objects.some(({ kind }) => kind === 'PersistentVolumeClaim')).toBe(true);
      expect(unprotectedData(objects)).toEqual([]);
      for (const kind of ['Namespace', 'StatefulSet', 'PersistentVolumeClaim', 'Cluster']) {
        const copy = structuredClone(objects);
        setField(kind, /./, 'metadata.annotations.argocd~argoproj~io/sync-options', 'Prune=false')(copy);
        expect(unprotectedData(copy), kind).toHaveLength(1);
      }
    }
  });

  it.each(environments)('%s: applies everything after what it needs, by waves', (environment) => {
    const objects = renderWith(environment);
    expect(wrongWaves(objects)).toEqual([]);
    expect([...new Set(objects.map(waveOf))].sort()).toEqual(expect.arrayContaining([-1, 0, 1, 2]));
    const wave = 'metadata.annotations.argocd~argoproj~io/sync-wave';
    for (const breakIt of [
      setField('Deployment', 'order', wave, '0'),
      setField('Job', /^order-db-roles/, wave, '0'),
      setField('StatefulSet', 'order-db', wave, '2'),
      setField('Namespace', /./, wave, '1'),
      (all: KubeObject[]) => {
        const secret = findObject(all, 'Secret', /^order-[a-z0-9]{10}$/);
        secret.metadata.annotations = { 'argocd.argoproj.io/sync-wave': '3' };
      },
    ]) {
      const copy = structuredClone(objects);
      breakIt(copy);
      expect(wrongWaves(copy)).not.toEqual([]);
    }
  });

  it('has a project of its own for the root, and none that an Application can change', () => {
    expect(listed(project('tradepost-root')?.namespaceResourceWhitelist)).toEqual(kindsOf(ours));
    expect(project('tradepost-root')).toMatchObject({
      clusterResourceWhitelist: [],
      destinations: [{ namespace: 'argocd' }],
    });
    expect(ours.filter(({ kind }) => kind === 'AppProject')).toEqual([]);
    const [root] = ofKind<{ spec: ApplicationSpec }>(installed, 'Application');
    expect(root?.spec.project).toBe('tradepost-root');
    for (const { spec } of applications()) expect(spec.project).toBe('tradepost');
  });

  it('lets a group promote to prod, and do nothing else', () => {
    const [role] = project('tradepost')?.roles ?? [];
    expect(role?.groups).not.toEqual([]);
    for (const policy of role?.policies ?? [])
      expect(policy).toMatch(/, (get, tradepost\/\*|sync, tradepost\/tradepost-prod), allow$/);
  });

  it('optional components are all that there are, but for what every overlay has', () => {
    expect(allComponents()).toEqual(
      [...Object.keys(optionalComponents), 'database', 'image-policy/cluster', 'namespace', 'service'].sort(),
    );
  });

  it('runs the Jobs of a rotation as hooks, so that none is in the way of the next', () => {
    const jobs = environments
      .flatMap((e) => renderAll(path.join(tree.root, 'k8s/overlays', e)))
      .filter(({ kind }) => kind === 'Job');
    expect(jobs).toHaveLength(10);
    for (const { metadata } of jobs) {
      expect(metadata.annotations).toMatchObject({
        'argocd.argoproj.io/hook': 'Sync',
        'argocd.argoproj.io/hook-delete-policy': 'BeforeHookCreation',
      });
    }
  });
});
