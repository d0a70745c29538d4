import { randomInt } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import type { Money } from '@tradepost/contracts/money';
import type { Db } from '@tradepost/postgres/db';
import type { ChargeOutcome, PaymentProvider } from './provider.ts';

type Status = 'captured' | 'declined' | 'voided';

/** How long the token `timeout` lets its first caller wait, in milliseconds: longer than anybody should. */
const LATE_MS = 30_000;

const tokens: readonly string[] = ['ok', 'declined', 'timeout', 'flaky'];

/** How many keys with the token `flaky` are remembered as having failed. */
const MAX_REMEMBERED = 10_000;

/**
 * A provider that moves no money, for local use and tests. It keeps its books as a real one would, in tables that
 * nothing else writes, each call on its own: a charge is made once for a key, and a crash of ours does not undo it.
 */
export function sandboxProvider(db: Db): PaymentProvider {
  const hasFailed = new Set<string>();
  return {
    name: 'sandbox',
    refuseToken: (token) =>
      tokens.includes(token) ? null : `the sandbox knows the tokens ${tokens.join(', ')}; this is another`,
    charge: (request, signal) => {
      const fails = request.token === 'flaky' && !hasFailed.has(request.key);
      if (fails) {
        if (hasFailed.size >= MAX_REMEMBERED) hasFailed.clear();
        hasFailed.add(request.key);
      }
      return fails ? chargeAndFail(db, request, signal) : charge(db, request, signal);
    },
    voidCharge: (key) => voidCharge(db, key),
    refund: (request) => refund(db, request),
  };
}

async function charge(
  db: Db,
  request: { key: string; token: string; amount: Money },
  signal: AbortSignal,
): Promise<ChargeOutcome> {
  const { status, calls } = await record(db, request, request.token === 'declined' ? 'declined' : 'captured');
  if (request.token === 'timeout' && calls === 1) await pause(LATE_MS, undefined, { signal, ref: false });
  return status === 'captured' ? { status } : { status: 'declined', reason: 'payment_declined' };
}

/** Fails once for a key, by chance before or after the money was taken: from outside both look the same. */
async function chargeAndFail(
  db: Db,
  request: { key: string; token: string; amount: Money },
  signal: AbortSignal,
): Promise<ChargeOutcome> {
  if (randomInt(2) === 1) await charge(db, request, signal);
  throw new Error('The sandbox provider broke off its answer (token `flaky`)');
}

/** Writes the charge, or finds the one that this key made before: its outcome stands. */
async function record(
  db: Db,
  { key, amount }: { key: string; amount: Money },
  status: Status,
): Promise<{ status: Status; calls: number }> {
  const { rows } = await db.query<{ status: Status; calls: number }>({
    name: 'sandbox.charge',
    text: `insert into sandbox_charge as c (key, amount, currency, status) values ($1, $2, $3, $4)
      on conflict (key) do update set calls = c.calls + 1 returning status, calls`,
    values: [key, amount.amount, amount.currency, status],
  });
  const [row] = rows;
  if (!row) throw new Error('The sandbox provider recorded no charge');
  return row;
}

/** Where nothing was charged, a charge of nothing is put in its place; XXX is ISO 4217 for no currency. */
async function voidCharge(db: Db, key: string): Promise<Status> {
  const { status } = await record(db, { key, amount: { amount: 0, currency: 'XXX' } }, 'voided');
  return status;
}

async function refund(db: Db, request: { key: string; chargeKey: string; amount: Money }): Promise<void> {
  await db.query({
    name: 'sandbox.refund',
    text: `insert into sandbox_refund (key, charge_key, amount) values ($1, $2, $3) on conflict (key) do nothing`,
    values: [request.key, request.chargeKey, request.amount.amount],
  });
}
