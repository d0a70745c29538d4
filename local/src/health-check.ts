import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { StartFailure } from './failure.ts';
import { type Answer, type Api, problemOf } from './seed/api.ts';

const PAUSE_MS = 40;
/** Only a shop that would never sell anything is given up: a slow machine may take minutes. */
const LIMIT_MS = 15 * 60_000;

/**
 * The health check of `npm start`: resolves once these SKUs can be bought. It sends an order with a wrong total. The shop refuses
 * that with `price_changed` when everything else is right, and writes no order. A refusal by what an operator has decided (terms,
 * countries, currencies, a second factor of the demo account) says as well that the shop works.
 */
export async function untilPurchasable(
  api: Api,
  o: { email: string; password: string; skus: readonly string[]; signal: AbortSignal },
): Promise<void> {
  const deadline = Date.now() + LIMIT_MS;
  let last = 'no answer';
  let token: string | undefined;
  while (Date.now() < deadline) {
    try {
      if (token === undefined) {
        const answer = await signIn(api, o);
        // Somebody has changed the password of the demo account, set up its second factor or suspended it.
        if (answer.status === 401 || answer.status === 403) return;
        if (typeof answer.body.token === 'string') token = answer.body.token;
        else last = `signing in: ${problemOf(answer)}`;
      }
      if (token !== undefined) {
        const answer = await tryOrder(api, token, o.skus);
        if (isDecided(answer)) break;
        last = `ordering: ${problemOf(answer)}`;
      }
    } catch (err) {
      o.signal.throwIfAborted();
      last = err instanceof Error ? err.message : String(err);
    }
    await sleep(PAUSE_MS, undefined, { signal: o.signal });
  }
  if (Date.now() >= deadline)
    throw new StartFailure(`Nothing can be bought after a quarter of an hour; the last answer to ${last}`);
  await api('POST', '/api/v1/auth/sign-out', { ...(token === undefined ? {} : { token }), body: {} });
}

/** The order was refused by a rule of the shop, and not since a part of the shop is not there yet. */
function isDecided({ status, body: { code } }: Answer): boolean {
  if (code === 'unknown_sku') return false;
  return status === 403 || status === 409 || status === 422 || code === 'too_many_unsettled_orders';
}

/** Signs in by e-mail and password; the answer's body has the `token`. */
export function signIn(api: Api, { email, password }: { email: string; password: string }): Promise<Answer> {
  return api('POST', '/api/v1/auth/sign-in/email', { body: { email, password } });
}

function tryOrder(api: Api, token: string, skus: readonly string[]): Promise<Answer> {
  return api('POST', '/api/v1/orders', {
    token,
    headers: { 'idempotency-key': `start-${randomUUID()}` },
    body: {
      lines: skus.map((sku) => ({ sku, quantity: 1 })),
      shippingAddress: { name: 'Nobody', line1: 'Nowhere 1', city: 'Nowhere', postalCode: '00000', country: 'DE' },
      payment: { provider: 'sandbox', token: 'ok' },
      acceptedTerms: true,
      ageConfirmed: true,
      expectedTotal: { amount: 0, currency: 'EUR' },
    },
  });
}
