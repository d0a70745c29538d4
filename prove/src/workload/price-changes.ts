import type { Random } from '../random.ts';
import { goneIfBanned, refusedIfBanned, type Workload } from './workload.ts';

/** A seller changes the price of something that few want. */
export async function changePrice(o: Workload, random: Random): Promise<void> {
  const { productId, sku, seller } = random.pick(o.fixtures.cold);
  const path = `/api/v1/products/${productId}`;
  if (seller.isBanned) return;
  const isExpectedProblem = refusedIfBanned(seller);
  const { answer: seen } = await o.client(undefined, {
    kind: 'product',
    method: 'GET',
    path,
    accepts: [200],
    isExpectedProblem: goneIfBanned(o, seller),
  });
  if (seen?.status !== 200) return;
  const variants = [{ sku, price: { amount: random.int(5, 120) * 100 - 1, currency: 'EUR' } }];
  const headers = { 'if-match': seen.headers.get('etag') ?? '' };
  await o.client(seller.session, {
    ...{ kind: 'change', method: 'PATCH', path, body: { variants }, headers, accepts: [200] },
    // 412: the response to the first attempt was lost, or another was first.
    ...{ refusals: [412], isExpectedProblem },
  });
}
