import { type Deployment, deploy } from './deployment.ts';
import type { Infrastructure } from './infrastructure.ts';
import { preloadDatabases, type Size, seedDatabases, tagOf } from './seeding.ts';
import { openShop, type Shop } from './shop.ts';

/** Told what is going on. */
export type Progress = (what: string) => void;

/** Everything that a measurement works on. */
export type BenchmarkContext = {
  infrastructure: Infrastructure;
  deployment: Deployment;
  shop: Shop;
  products: number;
  /** Takes up what is to be ended afterwards. */
  started: AsyncDisposableStack;
};

/** Fills the databases of a size and starts the services on them. */
export async function createContext(
  infrastructure: Infrastructure,
  size: Size,
  started: AsyncDisposableStack,
  onProgress: Progress,
): Promise<BenchmarkContext> {
  await seedDatabases(infrastructure, size, (what) => onProgress(`writing ${what}`));
  onProgress('reading it into memory');
  await preloadDatabases(infrastructure, size);
  onProgress('starting the services');
  const deployment = started.adopt(await deploy(infrastructure, tagOf(size)), (one) => one.stop());
  const shop = started.adopt(await openShop(infrastructure, deployment, size.products), (one) => one.close());
  await infrastructure.postgres.run('postgres', 'checkpoint');
  return { infrastructure: infrastructure, deployment, shop, products: size.products, started };
}
