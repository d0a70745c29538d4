import { describe, expect, it } from 'vitest';
import { untilPurchasable } from './health-check.ts';
import type { Answer, Api } from './seed/api.ts';

/** A shop that answers orders in this way, one after the other; gives how many were sent. */
async function ordersUntilPurchasable(answers: readonly Answer[], signIn?: Answer): Promise<number> {
  let sent = 0;
  const api: Api = async (_method, path) => {
    if (path.endsWith('/sign-in/email')) return signIn ?? { status: 200, body: { token: 'x' } };
    if (path.endsWith('/sign-out')) return { status: 200, body: {} };
    return answers[sent++] ?? { status: 500, body: {} };
  };
  const signal = AbortSignal.timeout(20_000);
  await untilPurchasable(api, { email: 'a@b.example', password: 'x', skus: ['A'], signal });
  return sent;
}

const refused = (status: number, code: string): Answer => ({ status, body: { code } });

describe('the health check', () => {
  it.each([
    refused(409, 'price_changed'),
    refused(422, 'not_for_sale'),
    refused(422, 'confirmation_required'),
    refused(422, 'not_shippable'),
    refused(422, 'unprocessable'),
    refused(429, 'too_many_unsettled_orders'),
    refused(403, 'second_factor_not_set_up'),
  ])('ends once the shop decides by its rules: $body.code', async (decision) => {
    const early = [refused(503, 'unavailable'), refused(422, 'unknown_sku'), refused(429, 'rate_limited')];
    expect(await ordersUntilPurchasable([...early, decision])).toBe(4);
  });

  it.each([refused(401, 'invalid_credentials'), refused(403, 'second_factor_required')])(
    'ends where the demo account is not what it was: $body.code',
    async (answer) => {
      expect(await ordersUntilPurchasable([], answer)).toBe(0);
    },
  );
});
