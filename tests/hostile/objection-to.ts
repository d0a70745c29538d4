import type { Answer, Shopper } from '@tradepost/testing/shopper';
import type { Shop } from '../e2e/shop.ts';
import type { Operation, Values } from './openapi.ts';

/** Sends a request as somebody who may, and says what is wrong with its answer: a failure, or a refusal that does not say why. */
export async function objectionTo(
  { shop, customer }: { shop: Shop; customer: Shopper },
  { name, method }: Operation,
  url: string,
  o: { body?: string; headers?: Values },
): Promise<string[]> {
  const by = name.includes('Order') || name.includes('Cart') ? customer : shop.seller;
  const asked = /^\/api\/v1\/(admin|audit|traffic|auth\/admin)/.test(url) ? shop.admin : by;
  const headers = { 'if-match': '*', 'idempotency-key': crypto.randomUUID(), ...o.headers };
  const answer: Answer = await asked.call(method, url, { ...o, headers });
  const isRefused = answer.status >= 400;
  const isClear = !isRefused || method === 'HEAD' || typeof answer.body?.code === 'string';
  return answer.status < 500 && isClear
    ? []
    : [`${name}: ${answer.status} ${JSON.stringify(answer.body)?.slice(0, 200)}`];
}
