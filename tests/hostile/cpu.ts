/** Microseconds of CPU that this process has used. */
function used(): number {
  const { user, system } = process.cpuUsage();
  return user + system;
}

/** Microseconds of CPU that one call takes: the least of `rounds`, each of as many calls as take `budget` together. */
export function cpuOf(work: () => void, { rounds = 3, budget = 2_000 } = {}): number {
  let least = Number.POSITIVE_INFINITY;
  for (let round = 0; round < rounds; round++) {
    const before = used();
    let calls = 0;
    let spent = 0;
    do {
      work();
      calls++;
      spent = used() - before;
    } while (spent < budget);
    least = Math.min(least, spent / calls);
  }
  return least;
}

/**
 * How many times as much CPU `work` takes as the slowest of the `references`, at least: other processes can only make any of them slower, so
 * the least of each counts, and all are measured again, up to `attempts` times, while the ratio is above `bound`.
 */
export function cpuRatio(work: () => void, references: (() => void)[], bound: number, attempts = 12): number {
  let most = Number.POSITIVE_INFINITY;
  const least = references.map(() => Number.POSITIVE_INFINITY);
  const ratio = () => most / Math.max(...least);
  for (let attempt = 0; attempt < attempts; attempt++) {
    const effort = attempt === 0 ? { rounds: 2 } : { rounds: 4, budget: 4_000 };
    for (const [index, reference] of references.entries()) {
      least[index] = Math.min(least[index] ?? 0, cpuOf(reference, effort));
    }
    most = Math.min(most, cpuOf(work, effort));
    if (ratio() <= bound) break;
  }
  return ratio();
}
