import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { environmentOf } from './environment.ts';
import { allowed } from './network.ts';
import { containersOf, type KubeObject, podLabels, workloads } from './objects.ts';
import { danglingReferences } from './references.ts';
import { copyTree, kubectlIsThere, renderAll } from './rendering.ts';
import { unknownFields, violations } from './schemas.ts';
import { addComponents, optionalComponents } from './with-component.ts';

describe.runIf(kubectlIsThere())('components', () => {
  let tree: ReturnType<typeof copyTree>;
  beforeEach(() => {
    tree = copyTree();
  });
  afterEach(() => tree.remove());

  const kustomization = (part: string) => path.join(tree.root, 'k8s/overlays/prod', part, 'kustomization.yaml');
  /** The prod overlay with one line more. */
  const withComponent = (part: 'base' | 'db', name: string): KubeObject[] => {
    expect(optionalComponents[name]).toBe(part);
    addComponents(tree.root, 'prod', [name]);
    return renderAll(path.join(tree.root, 'k8s/overlays/prod'));
  };
  const kinds = (objects: readonly KubeObject[], kind: string) =>
    objects
      .filter((o) => o.kind === kind)
      .map(({ metadata }) => metadata.name)
      .sort();
  const sound = async (objects: readonly KubeObject[]) => {
    expect(await violations(objects)).toEqual([]);
    expect(unknownFields(objects)).toEqual([]);
  };
  const publicUrls = (objects: readonly KubeObject[]) => settingOf(objects, 'PUBLIC_URL');
  const settingOf = (objects: readonly KubeObject[], setting: string) =>
    ['api-gateway', 'auth', 'notification'].map((name) => {
      const [service] = workloads(objects)
        .filter((w) => w.kind === 'Deployment' && w.name === name)
        .flatMap(containersOf)
        .filter((c) => !c.init);
      return service ? environmentOf(objects, service)[setting] : undefined;
    });

  it.each([
    ['ingress', 'Ingress'],
    ['gateway-api', 'HTTPRoute'],
  ])('%s: leads to the gateway, which knows its address', async (name, kind) => {
    const objects = withComponent('base', name);
    await sound(objects);
    expect(danglingReferences(objects)).toEqual([]);
    expect(kinds(objects, kind)).toEqual(['api-gateway']);
    expect(publicUrls(objects)).toEqual(Array(3).fill('https://shop.example'));
    // Before auth stands one proxy more than before the gateway: the gateway.
    const [gateway, auth] = settingOf(objects, 'TRUSTED_PROXY_HOPS').map(Number);
    expect(gateway).toBe(1);
    expect(auth).toBe(2);
  });

  it('tracing: every service knows the collector, and reaches it', async () => {
    const objects = withComponent('base', 'tracing');
    await sound(objects);
    const place = (namespace: string, name: string, labels: Record<string, string>) => ({
      ...{ name, namespace, labels },
      namespaceLabels: { 'kubernetes.io/metadata.name': namespace },
    });
    const collector = place('monitoring', 'collector', { 'app.kubernetes.io/name': 'opentelemetry-collector' });
    const all = workloads(objects).filter((w) => podLabels(w)['app.kubernetes.io/component'] === 'service');
    expect(all).toHaveLength(5);
    for (const workload of all) {
      const from = place('tradepost-prod', workload.name, podLabels(workload));
      expect(allowed(objects, from, collector, { port: 4318, protocol: 'TCP' }), workload.name).toBe(true);
      expect(allowed(objects, from, collector, { port: 443, protocol: 'TCP' }), workload.name).toBe(false);
      for (const container of containersOf(workload))
        expect(environmentOf(objects, container).OTEL_EXPORTER_OTLP_ENDPOINT).toMatch(/:4318$/);
    }
  });

  it.each([
    ['external-https', 'order'],
    ['sign-in-providers', 'auth'],
  ])('%s: %s calls HTTPS servers outside of the cluster; nobody else does, and nothing else', async (name, caller) => {
    const objects = withComponent('base', name);
    await sound(objects);
    const outside = { name: 'outside', namespace: 'outside', namespaceLabels: {}, labels: {} };
    const callers = (port: number) =>
      workloads(objects).flatMap((w) => {
        const namespaceLabels = { 'kubernetes.io/metadata.name': 'tradepost-prod' };
        const from = { name: w.name, namespace: 'tradepost-prod', namespaceLabels, labels: podLabels(w) };
        return allowed(objects, from, outside, { port, protocol: 'TCP' }) ? [w.name] : [];
      });
    expect([callers(443), callers(80), callers(5432)]).toEqual([[caller], [], []]);
  });

  it('ingress: an overlay names another host in one place', () => {
    const text = readFileSync(path.join(tree.root, 'k8s/components/ingress/ingress.yaml'), 'utf8');
    writeFileSync(
      path.join(tree.root, 'k8s/components/ingress/ingress.yaml'),
      text.replace('- host: shop.example', '- host: tea.example'),
    );
    const objects = withComponent('base', 'ingress');
    expect(publicUrls(objects)).toEqual(Array(3).fill('https://tea.example'));
    expect(JSON.stringify(objects.find((o) => o.kind === 'Ingress'))).not.toContain('shop.example');
  });

  it('keda: scales two by their queues, and leaves the others to their autoscalers', async () => {
    const objects = withComponent('base', 'keda');
    await sound(objects);
    expect(danglingReferences(objects)).toEqual([]);
    expect(kinds(objects, 'ScaledObject')).toEqual(['order', 'product']);
    expect(kinds(objects, 'HorizontalPodAutoscaler')).toEqual(['api-gateway', 'auth', 'notification']);
  });

  it('argo-rollouts: the autoscaler scales the rollout of the gateway', async () => {
    const objects = withComponent('base', 'argo-rollouts');
    await sound(objects);
    expect(danglingReferences(objects)).toEqual([]);
    const scaler = objects.find((o) => o.kind === 'HorizontalPodAutoscaler' && o.metadata.name === 'api-gateway');
    expect(scaler?.spec).toMatchObject({ scaleTargetRef: { kind: 'Rollout', name: 'api-gateway' } });
  });

  it('cloudnative-pg: takes the place of our databases, under the same names and for the same policies', async () => {
    const objects = withComponent('db', 'cloudnative-pg/large');
    await sound(objects);
    const databases = ['api-gateway-db', 'auth-db', 'notification-db', 'order-db', 'product-db'];
    expect(kinds(objects, 'StatefulSet')).toEqual(['rabbitmq']);
    expect(kinds(objects, 'Cluster')).toEqual(databases);
    for (const cluster of objects.filter(({ kind }) => kind === 'Cluster')) {
      const { name } = cluster.metadata;
      expect(cluster.spec).toMatchObject({
        instances: 3,
        managed: { services: { additional: [{ selectorType: 'rw', serviceTemplate: { metadata: { name } } }] } },
        inheritedMetadata: {
          labels: { 'app.kubernetes.io/component': 'database', 'tradepost.example/domain': name.replace('-db', '') },
        },
      });
    }
  });

  it.each(['db', 'base'] as const)('external-secrets: makes every Secret that the files made, in %s', async (part) => {
    const made = kinds(renderAll(path.join(tree.root, 'k8s/overlays/prod', part)), 'Secret').map((name) =>
      name.replace(/-[a-z0-9]{10}$/, ''),
    );
    addComponents(tree.root, 'prod', [`external-secrets/${part}`]);
    const text = readFileSync(kustomization(part), 'utf8');
    writeFileSync(
      kustomization(part),
      text
        .replace(/^secretGenerator:\n(?: {2}-.*\n)+/m, '')
        .replace(/^ {2}- \{ name: rotation.*\n/m, '')
        .replace(/^replacements:\n(?: {2}.*\n)+/m, ''),
    );
    const objects = renderAll(path.join(tree.root, 'k8s/overlays/prod', part));
    await sound(objects);
    expect(kinds(objects, 'Secret')).toEqual([]);
    expect(kinds(objects, 'ExternalSecret')).toEqual(made.sort());
    // With what they will make, nothing is missing.
    const there = objects
      .filter(({ kind }) => kind === 'ExternalSecret')
      .map(
        ({ metadata }): KubeObject => ({
          apiVersion: 'v1',
          kind: 'Secret',
          metadata,
          data: { username: '', password: '' },
        }),
      );
    expect(danglingReferences([...objects, ...there]).filter((problem) => problem.includes('Secret'))).toEqual([]);
  });
});
