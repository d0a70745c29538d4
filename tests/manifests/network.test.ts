import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { allowed, type Endpoint } from './network.ts';
import { type KubeObject, podLabels, workloads } from './objects.ts';
import { copyTree, environments, kubectlIsThere, renderAll } from './rendering.ts';
import { removeObject, setField } from './rule.ts';

const services = ['api-gateway', 'auth', 'product', 'order', 'notification'];
const rabbitPorts = [4369, 25_672, 35_672, 35_677, 35_682];

/** Every path that there really is, as `from > to:port`. Whatever is not here must not be open. */
const paths: Record<string, string[]> = {
  dev: [
    'api-gateway > auth:8080',
    'api-gateway > product:8080',
    'api-gateway > order:8080',
    'api-gateway > notification:8080',
    'notification > auth:8080',
    'notification > outside:587',
    'product > auth:8080',
    'order > auth:8080',
    'auth > order:8080',
    'order > product:8080',
    ...services.flatMap((name) => [
      `${name} > ${name}-db:5432`,
      `${name} > rabbitmq:5672`,
      `${name}-db-roles > ${name}-db:5432`,
    ]),
    ...rabbitPorts.map((port) => `rabbitmq > rabbitmq:${port}`),
  ],
};
paths.prod = [
  ...(paths.dev ?? []),
  ...services.flatMap((name) => [
    `prometheus > ${name}:9090`,
    `postgres-exporter > ${name}-db:5432`,
    `backup > ${name}-db:5432`,
  ]),
  'prometheus > rabbitmq:15692',
  'prometheus > postgres-exporter:9187',
];

describe.runIf(kubectlIsThere())('network policies', () => {
  let tree: ReturnType<typeof copyTree>;
  const rendered = new Map<string, KubeObject[]>();
  beforeAll(() => {
    tree = copyTree();
    for (const environment of environments)
      rendered.set(environment, renderAll(path.join(tree.root, 'k8s/overlays', environment)));
  });
  afterAll(() => tree.remove());

  it.each(environments)('%s: let every real path through, and nothing else', (environment) => {
    const objects = rendered.get(environment) ?? [];
    expect(openPaths(objects, environment)).toEqual([...(paths[environment] ?? [])].sort());
  });

  it('let every pod ask for names', () => {
    for (const environment of environments) {
      const objects = rendered.get(environment) ?? [];
      const dns = place('kube-system', 'dns', { 'k8s-app': 'kube-dns' });
      for (const pod of pods(objects, environment)) {
        expect(allowed(objects, pod, dns, { port: 53, protocol: 'UDP' }), pod.name).toBe(true);
        expect(allowed(objects, pod, dns, { port: 53, protocol: 'TCP' }), pod.name).toBe(true);
        expect(allowed(objects, pod, dns, { port: 443, protocol: 'TCP' }), pod.name).toBe(false);
      }
    }
  });

  it.each([
    ['a policy less', removeObject('NetworkPolicy', 'order-calls')],
    [
      'no default',
      (objects: KubeObject[]) => {
        for (const name of ['default-deny', 'order-db']) removeObject('NetworkPolicy', name)(objects);
      },
    ],
    ['a peer more', setField('NetworkPolicy', 'order-db', 'spec.ingress.0.from.0', { namespaceSelector: {} })],
    ['anybody', setField('NetworkPolicy', 'order-is-answered', 'spec.ingress.0', {})],
    [
      'an auth that everybody asks',
      setField('NetworkPolicy', 'auth', 'spec.ingress.0.from.0', { namespaceSelector: {} }),
    ],
  ])('%s: is noticed', (_, breakIt) => {
    const copy = structuredClone(rendered.get('prod') ?? []);
    breakIt(copy);
    expect(openPaths(copy, 'prod')).not.toEqual([...(paths.prod ?? [])].sort());
  });
});

/** All pairs of pods, and strangers within and without the cluster, on every port that anything here listens on. */
function openPaths(objects: readonly KubeObject[], environment: string): string[] {
  const inside = pods(objects, environment);
  const stranger = place('default', 'stranger', {
    'app.kubernetes.io/name': 'api-gateway',
    'app.kubernetes.io/component': 'service',
  });
  const outside: Endpoint = { name: 'outside', namespace: 'outside', namespaceLabels: {}, labels: {} };
  const bystander = { ...place(`tradepost-${environment}`, 'bystander', {}) };
  const prometheus = place('monitoring', 'prometheus', { 'app.kubernetes.io/name': 'prometheus' });
  const everybody = [...inside, stranger, outside, bystander, prometheus];
  const ports = [80, 443, 587, 4318, 5432, 5672, 8080, 9090, 9187, 15_672, 15_692, ...rabbitPorts];
  const open: string[] = [];
  for (const from of everybody) {
    for (const to of everybody) {
      // Nothing here says what strangers may do among themselves.
      if (!inside.includes(to) && !inside.includes(from)) continue;
      for (const port of ports)
        if (allowed(objects, from, to, { port, protocol: 'TCP' })) open.push(`${from.name} > ${to.name}:${port}`);
    }
  }
  return open.sort();
}

function pods(objects: readonly KubeObject[], environment: string): Endpoint[] {
  // The Jobs of a rotation carry its number.
  return workloads(objects).map((w) =>
    place(`tradepost-${environment}`, w.name.replace(/-roles-\d+$/, '-roles'), podLabels(w)),
  );
}

function place(namespace: string, name: string, labels: Record<string, string>): Endpoint {
  return { name, namespace, namespaceLabels: { 'kubernetes.io/metadata.name': namespace }, labels };
}
