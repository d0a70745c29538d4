import { signIn } from '@tradepost/testing/shopper';
import { until } from '@tradepost/testing/until';
import type { Random } from '../random.ts';
import { type Article, PASSWORD } from './fixtures.ts';
import { order } from './order-purchase.ts';
import type { Ban } from './request-log.ts';
import { accountCustomer, type Workload, wait } from './workload.ts';

/** How long the goods are off sale while others go on trying to buy them. */
const OFF_SALE_MS = { least: 8000, most: 10_000 };
/** Between two orders that find out whether the goods are on sale. */
const PROBE_EVERY_MS = 500;
/** Longer than all of RabbitMQ takes to restart: without it, nobody hears of a ban. */
const PATIENCE_MS = 60_000;

/** An operator bans a seller, whose goods are then off sale; lifts the ban, and the seller signs in and sells again. */
export async function banForAWhile(o: Workload, random: Random): Promise<void> {
  const seller = random.pick(o.fixtures.bannable);
  if (seller.isBanned) return;
  const article = random.pick(o.fixtures.cold.filter((one) => one.seller === seller));
  const path = `/api/v1/auth/admin/accounts/${seller.id}/ban`;
  const admin = o.fixtures.admin;
  seller.isBanned = true;
  const bannedAt = Date.now();
  const ban: Ban = { sellerId: seller.id, bannedAt, effectiveAt: undefined, liftedAt: bannedAt, isRestored: true };
  const body = { reason: 'Sells what is not theirs' };
  const banned = await o.client(admin, { kind: 'ban', method: 'PUT', path, body, accepts: [200] });
  if (banned.outcome === 'acknowledged') {
    o.requestLog.bans.push(ban);
    ban.effectiveAt = await untilOnSale(o, random, { article, isWanted: false });
    const endsAt = Date.now() + random.int(OFF_SALE_MS.least, OFF_SALE_MS.most);
    while (ban.effectiveAt !== undefined && Date.now() < endsAt) {
      await wait(o, PROBE_EVERY_MS);
      await isOnSale(o, random, article);
      if (o.signal.aborted) return;
    }
  }
  ban.liftedAt = Date.now();
  await liftBan(o, path);
  seller.session = await until(() => signIn(o.fixtures.site, seller.email, PASSWORD), {
    what: 'signing in',
  });
  const isOrdered = (await untilOnSale(o, random, { article, isWanted: true })) !== undefined;
  ban.isRestored = isOrdered && (await untilShown(o, article));
  seller.isBanned = false;
}

/** Until it is acknowledged: otherwise the seller cannot sign in, and the cycle has no end. */
async function liftBan(o: Workload, path: string): Promise<void> {
  while (!o.signal.aborted) {
    const { outcome } = await o.client(o.fixtures.admin, { kind: 'ban', method: 'DELETE', path, accepts: [200] });
    if (outcome === 'acknowledged') return;
    await wait(o, PROBE_EVERY_MS);
  }
}

/** Orders the article now and then; answers when it was on sale, or was not, as it should be; undefined if that never came. */
async function untilOnSale(
  o: Workload,
  random: Random,
  { article, isWanted }: { article: Article; isWanted: boolean },
): Promise<number | undefined> {
  for (const giveUpAt = Date.now() + PATIENCE_MS; Date.now() < giveUpAt && !o.signal.aborted; ) {
    if ((await isOnSale(o, random, article)) === isWanted) return Date.now();
    await wait(o, PROBE_EVERY_MS);
  }
  return undefined;
}

/** Looks at the article's page until it is there: `product` hears of the end of the ban by another message than `order`. */
async function untilShown(o: Workload, { productId }: Article): Promise<boolean> {
  for (const giveUpAt = Date.now() + PATIENCE_MS; Date.now() < giveUpAt && !o.signal.aborted; ) {
    const path = `/api/v1/products/${productId}`;
    const { answer } = await o.client(undefined, { kind: 'product', method: 'GET', path, accepts: [200, 404] });
    if (answer?.status === 200) return true;
    await wait(o, PROBE_EVERY_MS);
  }
  return false;
}

/** Orders one; undefined where nobody answered. */
async function isOnSale(o: Workload, random: Random, { sku }: Article): Promise<boolean | undefined> {
  const customer = accountCustomer(random.pick(o.fixtures.shoppers));
  const placing = order(o, customer, { lines: [{ sku, quantity: 1 }], token: 'ok' });
  // `order` has logged its purchase by now. Once it is answered, others have logged theirs.
  const purchase = o.requestLog.purchases.at(-1);
  await placing;
  const outcome = purchase?.outcome;
  return outcome === 'unknown' ? undefined : outcome === 'acknowledged';
}
