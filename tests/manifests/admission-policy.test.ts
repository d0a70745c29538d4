import path from 'node:path';
import { Environment } from '@marcbachmann/cel-js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type KubeObject, workloads } from './objects.ts';
import { copyTree, environments, kubectlIsThere, renderAll } from './rendering.ts';
import { setPath } from './rule.ts';

type Policy = {
  variables: { name: string; expression: string }[];
  validations: { expression: string; message: string }[];
};

/** What the API server would say to a pod: the messages of the rules that it breaks. A rule that cannot be evaluated refuses it, too. */
function violations({ variables, validations }: Policy, object: KubeObject): string[] {
  const environment = new Environment({ unlistedVariablesAreDyn: true });
  const values: Record<string, unknown> = {};
  for (const { name, expression } of variables) {
    values[name] = environment.evaluate(expression, { object, variables: values });
  }
  return validations
    .filter(({ expression }) => environment.evaluate(expression, { object, variables: values }) !== true)
    .map(({ message }) => message);
}

describe.runIf(kubectlIsThere())('the admission policy for pods', () => {
  let tree: ReturnType<typeof copyTree>;
  let policy: Policy;
  const pods: { at: string; pod: KubeObject }[] = [];
  const orderPod = (): KubeObject => {
    const found = pods.find(({ at }) => at === 'Deployment order');
    if (!found) throw new Error('There is no order');
    return structuredClone(found.pod);
  };
  beforeAll(() => {
    tree = copyTree();
    const [found] = renderAll(path.join(tree.root, 'k8s/base/cluster')).filter(
      ({ kind }) => kind === 'ValidatingAdmissionPolicy',
    );
    // as: the schemas are tested elsewhere.
    policy = found?.spec as Policy;
    for (const environment of environments) {
      const objects: KubeObject[] = renderAll(path.join(tree.root, 'k8s/overlays', environment));
      for (const { kind, name, template } of workloads(objects)) {
        const metadata = { name, labels: template.metadata?.labels ?? {} };
        pods.push({ at: `${kind} ${name}`, pod: { apiVersion: 'v1', kind: 'Pod', metadata, spec: template.spec } });
      }
    }
  });
  afterAll(() => tree.remove());

  it('admits every pod of ours', () => {
    expect(pods.length).toBeGreaterThan(20);
    for (const { at, pod } of pods) expect(violations(policy, pod), at).toEqual([]);
  });

  it.each<[string, string, unknown, RegExp]>([
    ['no version', 'spec.containers.0.image', 'ghcr.io/tradepost/order', /version or a digest/],
    ['a port, and no version', 'spec.containers.0.image', 'registry:5000/order', /version or a digest/],
    ['latest', 'spec.initContainers.0.image', 'order:latest', /latest/],
    ['no requests', 'spec.containers.0.resources.requests', {}, /requests CPU and memory/],
    ['no limit', 'spec.initContainers.0.resources.limits', undefined, /limits its memory/],
    ['no resources', 'spec.containers.0.resources', undefined, /requests CPU and memory/],
    ['a root that can be written to', 'spec.containers.0.securityContext.readOnlyRootFilesystem', false, /read-only/],
    ['no word about it', 'spec.initContainers.0.securityContext', undefined, /read-only/],
    ['no name', 'metadata.labels', undefined, /says what it is/],
  ])('refuse a pod with %s, and say why', (_, field, value, why) => {
    const pod = orderPod();
    setPath(pod, field, value);
    expect(violations(policy, pod)).toEqual([expect.stringMatching(why)]);
  });

  it('let the pod in with which cert-manager answers a challenge', () => {
    const pod = orderPod();
    setPath(pod, 'metadata.labels', { 'acme.cert-manager.io/http01-solver': 'true' });
    expect(violations(policy, pod)).toEqual([]);
  });

  it.each(['order:1.2.3', 'registry:5000/order:1', `order@sha256:${'0'.repeat(64)}`])(
    'take %s for a version',
    (image) => {
      const pod = orderPod();
      setPath(pod, 'spec.containers.0.image', image);
      expect(violations(policy, pod)).toEqual([]);
    },
  );
});
