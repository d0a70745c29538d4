import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

const browser = 'tests/browser/**/*.test.ts';

export default defineConfig({
  test: {
    root: fileURLToPath(new URL('..', import.meta.url)),
    globalSetup: ['./global-setup.ts', '../packages/testing/src/rabbitmq-global-setup.ts'].map((path) =>
      fileURLToPath(new URL(path, import.meta.url)),
    ),
    pool: 'forks',
    maxWorkers: 2,
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
        },
      },
      { extends: true, test: { name: 'browser', include: [browser], sequence: { groupOrder: 1 } } },
    ],
    // Generous: these wait for real databases and brokers, and only a failing test waits for its timeout.
    testTimeout: 30_000,
    hookTimeout: 60_000,
    teardownTimeout: 30_000,
  },
});
