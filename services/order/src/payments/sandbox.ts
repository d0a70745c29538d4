import { randomInt } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import type { Money } from '@tradepost/contracts/money';
import { createBatcher } from '@tradepost/postgres/batch';
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
  const record = createBatcher((charges: readonly Charge[]) => recordCharges(db, charges));
  const hasFailed = new Set<string>();
  return {
    name: 'sandbox',
    tokenProblem: (token) =>
      tokens.includes(token) ? null : `the sandbox knows the tokens ${tokens.join(', ')}; this is another`,
    charge: (request, signal) => {
      const fails = request.token === 'flaky' && !hasFailed.has(request.key);
      if (fails) {
        if (hasFailed.size >= MAX_REMEMBERED) hasFailed.clear();
        hasFailed.add(request.key);
      }
      return fails ? chargeAndFail(record, request, signal) : charge(record, request, signal);
    },
    voidCharge: (key) => voidCharge(record, key),
    refund: (request) => refund(db, request),
  };
}

type Charge = { key: string; amount: Money; status: Status };
type ChargeRecord = { status: Status; calls: number };
type Record = (charge: Charge) => Promise<ChargeRecord>;

async function charge(
  record: Record,
  request: { key: string; token: string; amount: Money },
  signal: AbortSignal,
): Promise<ChargeOutcome> {
  const { key, amount } = request;
  const { status, calls } = await record({
    key,
    amount,
    status: request.token === 'declined' ? 'declined' : 'captured',
  });
  if (request.token === 'timeout' && calls === 1) await pause(LATE_MS, undefined, { signal, ref: false });
  return status === 'captured' ? { status } : { status: 'declined', reason: 'payment_declined' };
}

/** Fails once for a key, by chance before or after the money was taken: from outside both look the same. */
async function chargeAndFail(
  record: Record,
  request: { key: string; token: string; amount: Money },
  signal: AbortSignal,
): Promise<ChargeOutcome> {
  if (randomInt(2) === 1) await charge(record, request, signal);
  throw new Error('The sandbox provider broke off its answer (token `flaky`)');
}

/**
 * Writes charges, or finds those that their keys made before: their outcome stands. A key that is there twice counts once for each
 * call, but only the first can have made the charge.
 */
async function recordCharges(db: Db, charges: readonly Charge[]): Promise<ChargeRecord[]> {
  const byKey = Map.groupBy(charges, ({ key }) => key);
  const firsts = [...byKey.values()].flatMap(([first]) => first ?? []);
  const { rows } = await db.query<ChargeRecord & { key: string }>({
    name: 'sandbox.charge',
    text: `insert into sandbox_charge as c (key, amount, currency, status, calls)
      select * from unnest($1::text[], $2::bigint[], $3::text[], $4::text[], $5::int[]) as t(key, amount, currency, status, calls)
        order by key
      on conflict (key) do update set calls = c.calls + excluded.calls returning key, status, calls`,
    values: [
      firsts.map(({ key }) => key),
      firsts.map(({ amount }) => amount.amount),
      firsts.map(({ amount }) => amount.currency),
      firsts.map(({ status }) => status),
      firsts.map(({ key }) => byKey.get(key)?.length),
    ],
  });
  const recorded = new Map(rows.map((row) => [row.key, row]));
  return charges.map(({ key }) => {
    const row = recorded.get(key);
    if (!row) throw new Error('The sandbox provider recorded no charge');
    return row;
  });
}

/** Where nothing was charged, a charge of nothing is put in its place; XXX is ISO 4217 for no currency. */
async function voidCharge(record: Record, key: string): Promise<Status> {
  const { status } = await record({ key, amount: { amount: 0, currency: 'XXX' }, status: 'voided' });
  return status;
}

async function refund(db: Db, request: { key: string; chargeKey: string; amount: Money }): Promise<void> {
  await db.query({
    name: 'sandbox.refund',
    text: `insert into sandbox_refund (key, charge_key, amount) values ($1, $2, $3) on conflict (key) do nothing`,
    values: [request.key, request.chargeKey, request.amount.amount],
  });
}
