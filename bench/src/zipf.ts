import { randomInt } from 'node:crypto';
import type { Operation } from './closed-loop.ts';

/**
 * Chooses among `count` things by Zipf's law with exponent 1, as visitors choose products: the second is asked for half as often as the
 * first, the third a third as often. Returns a number from 1 on.
 */
export function zipf(count: number): () => number {
  const sums = new Float64Array(count);
  let sum = 0;
  for (let i = 0; i < count; i++) {
    sum += 1 / (i + 1);
    sums[i] = sum;
  }
  return () => {
    const wanted = (randomInt(2 ** 32) / 2 ** 32) * sum;
    let [low, high] = [0, count - 1];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((sums[middle] ?? 0) <= wanted) low = middle + 1;
      else high = middle;
    }
    return low + 1;
  };
}

/** The slug of a product; many ask for few of them. */
export function zipfSlug(products: number): () => string {
  const next = zipf(products);
  return () => `p-${next()}`;
}

/** Anonymous reads of products by slug; `headers` go along, such as `cache-control: no-cache`, which reads past the gateway's cache. */
export function productRead(slug: () => string, headers?: Record<string, string>): Operation {
  return async (connection) => {
    const path = `/api/v1/products/${slug()}`;
    const body = await connection.expect(200, { method: 'GET', path, ...(headers && { headers }) });
    if (!body.includes('"variants"')) throw new Error(`Not a product: ${body}`);
  };
}
