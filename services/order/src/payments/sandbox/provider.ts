import { randomInt } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { createBatcher } from '@tradepost/postgres/batch';
import type { Db } from '@tradepost/postgres/db';
import type { NewPayment, PaymentOutcome, PaymentProvider } from '../provider.ts';
import {
  type Charge,
  captureCharge,
  findCharge,
  type NewCharge,
  recordCharges,
  recordRefund,
  settleProcessing,
  totalsOfCharge,
} from './charges.ts';
import { parseMessage } from './messages.ts';
import { isSandboxToken, type SandboxToken, sandboxTokens } from './tokens.ts';

/** How long the token `timeout` lets its first caller wait, in milliseconds: longer than anybody should. */
const LATE_MS = 30_000;

/** How many keys with the token `flaky` are remembered as having failed. */
const MAX_REMEMBERED = 10_000;

export type SandboxOptions = {
  db: Db;
  /** What its messages are signed with. */
  secret: () => Promise<Buffer>;
  /** Whether it sends messages about its payments. */
  tellsMessages: boolean;
};

/**
 * A provider that moves no money, for local use and tests. It keeps its books as a real one would, in tables that
 * nothing else writes, each call on its own: a payment is made once for a key, and a crash of ours does not undo it.
 */
export function sandboxProvider({ db, secret, tellsMessages }: SandboxOptions): PaymentProvider {
  const record = createRecorder(db, tellsMessages);
  const hasFailed = new Set<string>();
  return {
    name: 'sandbox',
    tokenProblem: (token) =>
      isSandboxToken(token)
        ? null
        : `the sandbox knows the tokens ${Object.keys(sandboxTokens).join(', ')}; this is another`,
    async initiate(request, signal) {
      if (request.token === 'processing') await settleProcessing(db, request.key, tellsMessages);
      const fails = request.token === 'flaky' && !hasFailed.has(request.key);
      if (fails) {
        if (hasFailed.size >= MAX_REMEMBERED) hasFailed.clear();
        hasFailed.add(request.key);
      }
      return fails ? initiateAndFail(record, request, signal) : initiate(record, request, signal);
    },
    async authorize({ key }) {
      await settleProcessing(db, key, tellsMessages);
      return outcomeOf(await findCharge(db, key));
    },
    async capture({ key }) {
      await captureCharge(db, key, tellsMessages);
      return outcomeOf(await findCharge(db, key));
    },
    cancel: async ({ key }) => outcomeOf(await record(nothing(key))),
    refund: ({ key, payment, amount }) => recordRefund(db, { key, chargeKey: payment.key, amount: amount.amount }),
    readTotals: ({ key }) => totalsOfCharge(db, key),
    parseWebhook: async (rawBody, headers) => parseMessage(await secret(), rawBody, headers),
  };
}

type Recorder = (charge: NewCharge) => Promise<Charge>;

/** Payments that come at the same time are written by one statement; a key that is there twice counts once for each call. */
function createRecorder(db: Db, tellsMessages: boolean): Recorder {
  return createBatcher(async (charges: readonly NewCharge[]) => {
    const byKey = Map.groupBy(charges, ({ key }) => key);
    const firsts = [...byKey.values()].flatMap((same) => (same[0] ? [{ ...same[0], calls: same.length }] : []));
    const recorded = new Map((await recordCharges(db, firsts, tellsMessages)).map((charge) => [charge.key, charge]));
    return charges.map(({ key }) => {
      const charge = recorded.get(key);
      if (!charge) throw new Error('The sandbox recorded no payment');
      return charge;
    });
  });
}

async function initiate(record: Recorder, request: NewPayment, signal: AbortSignal): Promise<PaymentOutcome> {
  const { key, amount, token, capture, orderNumber } = request;
  const captures = capture === 'at_once';
  const status = isSandboxToken(token) ? statusAfter(token, captures) : 'declined';
  const charge = await record({ key, ...amount, status, captures, orderNumber, calls: 1 });
  if (token === 'timeout' && charge.calls === 1) await pause(LATE_MS, undefined, { signal, ref: false });
  return outcomeOf(charge);
}

function statusAfter(token: SandboxToken, captures: boolean): NewCharge['status'] {
  switch (token) {
    case 'declined':
    case 'processing':
      return token;
    case '3ds':
      return 'challenged';
    default:
      return captures ? 'captured' : 'authorized';
  }
}

/** Fails once for a key, by chance before or after the money was taken: from outside both look the same. */
async function initiateAndFail(record: Recorder, request: NewPayment, signal: AbortSignal): Promise<PaymentOutcome> {
  if (randomInt(2) === 1) await initiate(record, request, signal);
  throw new Error('The sandbox broke off its answer (token `flaky`)');
}

/** Where nothing was started, a voided payment of nothing takes its place; XXX is ISO 4217 for no currency. */
const nothing = (key: string): NewCharge => ({
  ...{ key, amount: 0, currency: 'XXX', status: 'voided', captures: true, orderNumber: null, calls: 1 },
});

function outcomeOf(charge: Charge | undefined): PaymentOutcome {
  switch (charge?.status) {
    case 'captured':
    case 'authorized':
    case 'voided':
      return { status: charge.status };
    case 'declined':
      return { status: 'declined', reason: 'payment_declined' };
    case 'challenged':
      return { status: 'requires_action', action: { type: 'redirect', redirectUrl: challengePath(charge.challenge) } };
    default:
      return { status: 'unknown' };
  }
}

/** The page of the shop that stands for the page of a bank. */
const challengePath = (challenge: string | null): string => `/sandbox/payments/${challenge}`;
