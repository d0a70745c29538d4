import { startPrivateRabbit } from '@tradepost/testing/private-rabbit';
import { startSharedPostgres } from '@tradepost/testing/shared-postgres';
import { type SharedResourceServer, serveSharedResources } from '@tradepost/testing/shared-resources';
import type { TestProject } from 'vitest/node';

/** Where the projects of one run, for each of which this file is loaded anew, find what is there already. */
const KEY = Symbol.for('tradepost.tests.shared-resources');

/** Serves what all test files share; see `shared-resources.ts`. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  // as: nothing else uses this key.
  const run = globalThis as { [KEY]?: Promise<SharedResourceServer> };
  run[KEY] ??= serveSharedResources({
    postgres: startSharedPostgres,
    rabbitmq: async () => {
      const { url, stop } = await startPrivateRabbit();
      return { address: url, stop };
    },
    // Loaded by the runs that need them alone.
    bundles: async () => ({
      address: await (await import('../images/built-services.ts')).builtServices(),
      stop: async () => undefined,
    }),
    browser: async () => (await import('./browser/chromium.ts')).startSharedBrowser(),
    shop: async () => (await import('./browser/shop.ts')).startSharedShop(),
  });
  const server = await run[KEY];
  project.provide('sharedResourcesPort', server.port);
  // Vitest calls this once all projects are done.
  return async () => {
    delete run[KEY];
    await server.stop();
  };
}
