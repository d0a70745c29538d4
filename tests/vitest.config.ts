import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    root: fileURLToPath(new URL('..', import.meta.url)),
    include: [
      'packages/*/{src,test}/**/*.test.ts',
      'services/*/{src,test}/**/*.test.ts',
      '{bench,local,prove,tests,tools}/**/*.test.ts',
      'web/src/**/*.test.ts',
    ],
    exclude: ['**/node_modules/**'],
    globalSetup: ['./global-setup.ts', '../packages/testing/src/rabbitmq-global-setup.ts'].map((path) =>
      fileURLToPath(new URL(path, import.meta.url)),
    ),
    pool: 'forks',
    maxWorkers: 2,
    // Generous: these wait for real databases and brokers, and only a failing test waits for its timeout.
    testTimeout: 30_000,
    hookTimeout: 60_000,
    teardownTimeout: 30_000,
  },
});
