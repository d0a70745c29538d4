import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { KubeObject } from './objects.ts';
import { copyTree, environments, kubectlIsThere, renderAll } from './rendering.ts';
import { dataRules } from './rules-of-data.ts';
import { environmentRules } from './rules-of-environments.ts';
import { podRules } from './rules-of-pods.ts';

describe.runIf(kubectlIsThere())('the rules of the house', () => {
  let tree: ReturnType<typeof copyTree>;
  const rendered = new Map<string, KubeObject[]>();
  beforeAll(() => {
    tree = copyTree();
    for (const environment of environments)
      rendered.set(environment, renderAll(path.join(tree.root, 'k8s/overlays', environment)));
  });
  afterAll(() => tree.remove());

  const cases = [...podRules, ...environmentRules, ...dataRules].flatMap((rule) =>
    environments
      .filter((environment) => (rule.only ?? environment) === environment)
      .map((environment) => ({ environment, rule, name: rule.name })),
  );

  it.each(cases)('$environment: $name', ({ environment, rule }) => {
    const objects = rendered.get(environment) ?? [];
    expect(rule.check(objects)).toEqual([]);
    // A rule that nothing breaks says nothing.
    expect(rule.mutations).not.toEqual([]);
    for (const [index, breakIt] of rule.mutations.entries()) {
      const copy = structuredClone(objects);
      breakIt(copy);
      expect(rule.check(copy), `broken in way ${index}, and not noticed`).not.toEqual([]);
    }
  });
});
