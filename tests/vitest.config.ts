import { availableParallelism } from 'node:os';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';
import '../packages/testing/src/measure-time-factor.ts';
import { CONDITION_LIMIT_MS, TEST_LIMIT_MS } from '../packages/testing/src/time-limits.ts';
import LongestFirst from './longest-first.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const browser = 'tests/browser/**/*.test.ts';
/** Tests of a service in the process of the test. */
const services = 'services/*/test/**/*.test.ts';
/** Tests of a package, against real servers. */
const packages = 'packages/*/test/**/*.test.ts';
/** Tests of manifests as they are rendered; those that run them as pods are not among these. */
const manifests = 'tests/manifests/*.test.ts';
/** Tests of single modules: no servers, no processes. */
const units = '{packages,services,web}/**/src/**/*.test.ts';
const notTests = '**/node_modules/**';

// Hundreds of processes load the same modules: compiled once, a service loads in 0.85 s of CPU instead of 1.55 s.
process.env.NODE_COMPILE_CACHE ??= `${root}node_modules/.cache/compiled`;

/**
 * One more than there are cores, since some files wait for processes. More than eight would need more connections to PostgreSQL.
 * With two more, the tests that provoke races found them no longer on a busy machine with two cores.
 */
const maxWorkers = Math.min(8, availableParallelism() + 1);

export default defineConfig({
  test: {
    root,
    globalSetup: ['./programs.ts', './global-setup.ts'].map((path) => fileURLToPath(new URL(path, import.meta.url))),
    pool: 'forks',
    sequence: { sequencer: LongestFirst },
    // The tests in a browser come after the others: some of those make network interfaces for pods, and a browser drops its
    // requests whenever it sees one come or go.
    projects: [
      // Without isolation one process loads the modules once for many files, which saves two to three seconds of CPU for each.
      project('units', { include: [units], isolate: false }, 0),
      project('services', { include: [services], isolate: false }, 0),
      project('packages', { include: [packages], isolate: false }, 0),
      project('manifests', { include: [manifests], isolate: false }, 0),
      project(
        'tests',
        {
          include: ['{bench,local,packages,prove,tests,tools}/**/*.test.ts'],
          exclude: [notTests, units, services, packages, manifests, browser],
        },
        0,
      ),
      project('browser', { include: [browser], isolate: false }, 1),
    ],
    // These only guard against hanging, and no test sets its own; see time-limits.ts.
    testTimeout: TEST_LIMIT_MS,
    hookTimeout: TEST_LIMIT_MS,
    teardownTimeout: TEST_LIMIT_MS,
    expect: { poll: { timeout: CONDITION_LIMIT_MS } },
  },
});

function project(name: string, test: { include: string[]; exclude?: string[]; isolate?: boolean }, groupOrder: number) {
  return {
    extends: true as const,
    test: { name, exclude: [notTests], ...test, sequence: { groupOrder }, maxWorkers },
  };
}
