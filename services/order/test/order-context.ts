import type { Pool } from '@tradepost/postgres/pool';
import { eventDecryption, eventEncryption } from '@tradepost/runtime/event-encryption';
import { CONDITION_LIMIT_MS } from '@tradepost/testing/time-limits';
import { pino } from 'pino';
import { noVatIdCheck } from '../src/actions/check-vat-id.ts';
import type { Context } from '../src/actions/context.ts';
import { createOrderChangeNotifier } from '../src/actions/order-change-notifier.ts';
import type { PayContext } from '../src/actions/pay-order.ts';
import { batchPlacementStatements, type PlacementContext } from '../src/actions/placement-context.ts';
import { type PaymentContext, pollDuePayments } from '../src/actions/process-payments.ts';
import { createRulesCache } from '../src/actions/rules-cache.ts';
import type { PaymentProvider } from '../src/payments/provider.ts';
import { sandboxProvider } from '../src/payments/sandbox/provider.ts';
import { readGuestSecret } from '../src/store/guest-orders.ts';
import { readPricingRules } from '../src/store/pricing-rules.ts';
import { rateTaxCalculator } from '../src/taxes/tax-calculator.ts';

export const sandboxOn = (pool: Pool, tellsMessages = false): PaymentProvider =>
  sandboxProvider({ db: pool, secret: () => readGuestSecret(pool), tellsMessages });

/** What the actions of `order` work with, on a database of their own, without the service around them. */
export function orderContext(pool: Pool, providers = [sandboxOn(pool)]): PlacementContext & PayContext {
  const byName = new Map(providers.map((provider) => [provider.name, provider]));
  const base: Context = {
    ...{ pool, now: () => new Date(), orderChanges: createOrderChangeNotifier(pool), changed: () => {} },
    stopping: new AbortController().signal,
    guestSecret: () => readGuestSecret(pool),
    encryptForMail: eventEncryption('a key of tests that is long enough'),
    decryptForGuests: eventDecryption(['a key of tests that is long enough']),
    payWithinMs: (provider) => byName.get(provider)?.deadlineMs ?? 60_000,
    refundStepOf: (order) => byName.get(order.paymentProvider)?.refundStep?.(order.total.currency) ?? 1,
  };
  return {
    ...base,
    ...batchPlacementStatements(pool, { orders: 0, units: 0 }),
    rules: createRulesCache(() => readPricingRules(pool), base.now, 0),
    fetchVariants: async () => new Map(),
    ...{ calculateTaxes: rateTaxCalculator, checkVatId: noVatIdCheck },
    ...{ providers: byName, offered: byName, log: pino({ level: 'silent' }), capture: 'at_once' },
    ...{ timeoutMs: CONDITION_LIMIT_MS, lateRounds: new Set(), claimed: { payments: [], nextPollAt: 0 } },
  };
}

/** One round of the payments that are due, with the answers that come late on a slow machine. Returns how many were due. */
export async function pollPayments(ctx: PaymentContext): Promise<number> {
  const due = await pollDuePayments(ctx, new AbortController().signal);
  await Promise.all(ctx.lateRounds);
  return due;
}
