import { availableParallelism } from 'node:os';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';
import { CONDITION_LIMIT_MS, TEST_LIMIT_MS } from '../packages/testing/src/time-limits.ts';
import LongestFirst from './longest-first.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const browser = 'tests/browser/**/*.test.ts';

// Hundreds of processes load the same modules: compiled once, a service loads in 0.85 s of CPU instead of 1.55 s.
process.env.NODE_COMPILE_CACHE ??= `${root}node_modules/.cache/compiled`;

/** More files at once than eight would need more connections to PostgreSQL, and memory. */
const cores = Math.min(8, availableParallelism());

export default defineConfig({
  test: {
    root,
    globalSetup: ['./programs.ts', './global-setup.ts'].map((path) => fileURLToPath(new URL(path, import.meta.url))),
    pool: 'forks',
    sequence: { sequencer: LongestFirst },
    // The tests in a browser come after the others: some of those make network interfaces for pods, and a browser drops its
    // requests whenever it sees one come or go.
    projects: [
      {
        extends: true,
        test: {
          name: 'tests',
          include: [
            'packages/*/{src,test}/**/*.test.ts',
            'services/*/{src,test}/**/*.test.ts',
            '{bench,local,prove,tests,tools}/**/*.test.ts',
            'web/src/**/*.test.ts',
          ],
          exclude: ['**/node_modules/**', browser],
          sequence: { groupOrder: 0 },
          // One more than there are cores: several wait for processes and brokers rather than compute.
          maxWorkers: cores + 1,
        },
      },
      {
        extends: true,
        test: { name: 'browser', include: [browser], sequence: { groupOrder: 1 }, maxWorkers: cores + 1 },
      },
    ],
    // These only guard against hanging, and no test sets its own; see time-limits.ts.
    testTimeout: TEST_LIMIT_MS,
    hookTimeout: TEST_LIMIT_MS,
    teardownTimeout: TEST_LIMIT_MS,
    expect: { poll: { timeout: CONDITION_LIMIT_MS } },
  },
});
