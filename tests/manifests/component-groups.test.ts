import fc from 'fast-check';
import { expect, it } from 'vitest';
import { groupsOfComponents } from './component-groups.ts';

it('any two that go together are in a group, no two that do not, and no group is too large', () => {
  const inputs = fc.record({ count: fc.integer({ min: 0, max: 14 }), size: fc.integer({ min: 2, max: 8 }) });
  const apart = fc.array(fc.tuple(fc.nat(13), fc.nat(13)), { maxLength: 20 });
  fc.assert(
    fc.property(inputs, apart, ({ count, size }, excluded) => {
      const components = Array.from({ length: count }, (_, n) => `component-${n}`);
      const isExcluded = new Set(
        excluded.flatMap(([a, b]) => [`component-${a} component-${b}`, `component-${b} component-${a}`]),
      );
      const goTogether = (a: string, b: string) => !isExcluded.has(`${a} ${b}`);
      const groups = groupsOfComponents(components, goTogether, size);
      const together = (a: string, b: string) => groups.some((group) => group.includes(a) && group.includes(b));
      for (const [n, a] of components.entries())
        for (const b of components.slice(n + 1)) expect(together(a, b), `${a} and ${b}`).toBe(goTogether(a, b));
      for (const group of groups) expect(group.length).toBeLessThanOrEqual(size);
    }),
  );
});
