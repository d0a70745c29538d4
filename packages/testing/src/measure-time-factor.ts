// Imported before time-limits.ts by the process that starts the tests: sets TEST_TIME_FACTOR where nobody has. Test processes inherit it.
import process from 'node:process';

/** CPU time that is used to find out how long it takes to get it. */
const SAMPLE_MS = 250;

/**
 * How many times as long the processor needs for us as one with a core of its own: 1 on a machine that is idle, 4 for a process that
 * is held to a quarter of a core.
 */
function measureTimeFactor(): number {
  const from = performance.now();
  const used = process.cpuUsage();
  let cpuMs = 0;
  while (cpuMs < SAMPLE_MS) {
    const { user, system } = process.cpuUsage(used);
    cpuMs = (user + system) / 1000;
  }
  return Math.max(1, (performance.now() - from) / cpuMs);
}

process.env.TEST_TIME_FACTOR ??= measureTimeFactor().toFixed(1);
