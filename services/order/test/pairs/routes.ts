import { openShop } from '../shop.ts';

type Operations = Record<string, { operationId: string }>;

/** The routes of `order` that change something, as its API description lists them. */
export async function routesThatChange(): Promise<{ path: string; method: string; operationId: string }[]> {
  const shop = await openShop();
  try {
    const response = await fetch(`${shop.url}/openapi.json`);
    // as: the service's own description.
    const { paths } = (await response.json()) as { paths: Record<string, Operations> };
    return Object.entries(paths).flatMap(([path, operations]) =>
      Object.entries(operations)
        .filter(([method]) => method !== 'get' && method !== 'head')
        .map(([method, { operationId }]) => ({ path, method, operationId })),
    );
  } finally {
    await shop.stop();
  }
}
