import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { KubeObject } from './objects.ts';
import { danglingReferences } from './references.ts';
import { copyTree, environments, kubectlIsThere, renderAll } from './rendering.ts';
import { findObject, removeObject, setField } from './rule.ts';

const C = 'spec.template.spec.containers.0';

describe.runIf(kubectlIsThere())('references between objects', () => {
  let tree: ReturnType<typeof copyTree>;
  const rendered = new Map<string, KubeObject[]>();
  beforeAll(() => {
    tree = copyTree();
    for (const environment of environments)
      rendered.set(environment, renderAll(path.join(tree.root, 'k8s/overlays', environment)));
  });
  afterAll(() => tree.remove());

  it.each(environments)('%s: all lead somewhere', (environment) => {
    expect(danglingReferences(rendered.get(environment) ?? [])).toEqual([]);
  });

  it.each([
    ['a Secret of the environment', removeObject('Secret', /^order-[a-z0-9]{10}$/)],
    ['a Secret of a volume', removeObject('Secret', /^rabbitmq-cookie/)],
    ['a ConfigMap', removeObject('ConfigMap', /^postgres-config/)],
    [
      'a key of a Secret',
      (objects: KubeObject[]) => Object.assign(findObject(objects, 'Secret', /^manager/), { data: {} }),
    ],
    [
      'a key of a ConfigMap',
      (objects: KubeObject[]) => Object.assign(findObject(objects, 'ConfigMap', /^rabbitmq-config/), { data: {} }),
    ],
    ['a volume', setField('Deployment', 'order', 'spec.template.spec.volumes', [])],
    ['a headless Service', removeObject('Service', 'order-db-headless')],
    ['a port of a probe', setField('Deployment', 'order', `${C}.livenessProbe.httpGet.port`, 'admin')],
    ['a port of a Service', setField('Service', 'order', 'spec.ports.0.targetPort', 'grpc')],
    ['the pods of a Service', setField('Service', 'order', 'spec.selector', { app: 'order' })],
    [
      'the pods of just one workload',
      setField('Service', 'order', 'spec.selector', { 'app.kubernetes.io/part-of': 'tradepost' }),
    ],
    ['the pods of a policy', setField('NetworkPolicy', 'order', 'spec.podSelector', { matchLabels: { app: 'order' } })],
    ['the target of an autoscaler', setField('HorizontalPodAutoscaler', 'order', 'spec.scaleTargetRef.name', 'orders')],
  ])('%s: is missed when it is gone', (_, breakIt) => {
    const copy = structuredClone(rendered.get('prod') ?? []);
    breakIt(copy);
    expect(danglingReferences(copy)).not.toEqual([]);
  });
});
