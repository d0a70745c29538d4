/**
 * Groups of at most `size` components: any two that go together are in a group at least once, and no two that do not are in the same one. So
 * a handful of renderings shows for hundreds of pairs whether they fit.
 */
export function groupsOfComponents(
  components: readonly string[],
  goTogether: (a: string, b: string) => boolean,
  size: number,
): string[][] {
  /** With which others each was not in a group yet. */
  const missing = new Map(components.map((a) => [a, new Set(components.filter((b) => a !== b && goTogether(a, b)))]));
  const missingWith = (one: string, group: readonly string[]) =>
    group.filter((other) => missing.get(one)?.has(other)).length;
  const groups: string[][] = [];
  for (let first = mostOf(components, (one) => missing.get(one)?.size ?? 0); first; ) {
    const group = [first];
    while (group.length < size) {
      const fitting = components.filter(
        (one) => !group.includes(one) && group.every((other) => goTogether(one, other)),
      );
      const next = mostOf(fitting, (one) => missingWith(one, group));
      if (!next) break;
      group.push(next);
    }
    for (const one of group) for (const other of group) missing.get(one)?.delete(other);
    groups.push(components.filter((one) => group.includes(one)));
    first = mostOf(components, (one) => missing.get(one)?.size ?? 0);
  }
  return groups;
}

/** The first of those with the largest count; undefined if all counts are 0. */
function mostOf(components: readonly string[], count: (one: string) => number): string | undefined {
  const [most] = components
    .map((one) => ({ one, count: count(one) }))
    .filter((counted) => counted.count > 0)
    .sort((a, b) => b.count - a.count);
  return most?.one;
}
