import { createHmac } from 'node:crypto';
import type { AddressInfo } from 'node:net';
import Stripe from 'stripe';
import { type ApiExchange, type ApiFault, type ApiState, createApiServer } from './api-server.ts';
import { eventProblems } from './description-check.ts';
import { closeDispute, disputeById, openDispute, withdrawFunds } from './disputes.ts';
import type { StripeEvent } from './objects.ts';
import { intentById } from './payment-intents-api.ts';
import { assertNoViolations, type StripeRecords } from './records.ts';
import { confirmIntent, settleIntent, type TestCard } from './shopper.ts';

export type StripeStandInOptions = {
  secretKey: string;
  webhookSecret: string;
  /** Where events are sent to. */
  webhookUrl?: string;
  /** Sends each event once, when it happens. Without it a test sends events itself: late, twice, in another order, or not at all. */
  sendsEvents?: boolean;
  now?: () => Date;
  /** Where the shop's balance has another currency than its payments. */
  settlement?: { currency: string; rate: number };
  /** How many objects a page of a list has at most; 100, as at Stripe, where it is absent. */
  pageSize?: number;
};

/** How an event is sent. `at`: when it was signed; now, where it is absent. */
export type Delivery = { at?: Date; secret?: string };

/**
 * A stand-in for Stripe on this machine: the part of its API that `order` uses, by HTTP, and everything else that happens there as
 * methods. It is written from Stripe's API description, and each request, answer and event is checked against that (see
 * `described-objects.ts`): what does not fit is answered with 500, or throws, and lets `stop` throw. Money of nobody is moved, and
 * nothing survives the process.
 */
export type StripeStandIn = {
  url: string;
  /** What arrived and what was answered, in order. */
  exchanges: readonly ApiExchange[];
  /** Every event, in order, as it is sent. */
  events: readonly StripeEvent[];
  intent(id: string): Stripe.PaymentIntent;
  refunds(intentId: string): Stripe.Refund[];
  /** The shopper pays in the Payment Element. */
  confirm(intentId: string, card: TestCard): void;
  /** How 3-D Secure, or a payment that is processing, ends. */
  settle(intentId: string, succeeds: boolean): void;
  openDispute(intentId: string, status?: 'needs_response' | 'warning_needs_response'): Stripe.Dispute;
  /** An inquiry becomes a dispute, which takes the money. */
  escalateDispute(id: string): void;
  closeDispute(id: string, status: 'won' | 'lost' | 'warning_closed'): void;
  /** Something goes wrong with the next request; for several requests, call it several times. */
  failNext(fault: ApiFault): void;
  /** The next POST begins, which takes its idempotency key, and goes on when the function is called that this returns. */
  holdNext(): () => void;
  /** How many requests have taken an idempotency key and are not done. */
  requestsUnderWay(): number;
  /** Whether the search does not find what is new. */
  setSearchBehind(isBehind: boolean): void;
  /** What becomes of the next refunds. */
  setRefundStatus(status: ApiState['refundStatus']): void;
  /** As after 24 hours. */
  forgetIdempotencyKeys(): void;
  /** The body and the header of a webhook. */
  sign(event: StripeEvent, delivery?: Delivery): { body: Buffer; headers: Record<string, string> };
  /** Sends an event to the URL, once more if it was sent before; returns the status of the answer. */
  send(event: StripeEvent, delivery?: Delivery): Promise<number>;
  /** What did not fit Stripe's API description; a test that has provoked it takes it, so that `stop` does not throw. */
  takeViolations(): string[];
  /** Throws where something did not fit Stripe's API description. */
  stop(): Promise<void>;
};

export async function startStripeStandIn(o: StripeStandInOptions): Promise<StripeStandIn> {
  const violations: string[] = [];
  const webhooks = createWebhookSender(o, violations);
  const records: StripeRecords = {
    intents: new Map(),
    charges: new Map(),
    refunds: new Map(),
    disputes: new Map(),
    balanceTransactions: new Map(),
    events: [],
    now: o.now ?? (() => new Date()),
    apiVersion: Stripe.API_VERSION,
    settlement: o.settlement ?? null,
    onEvent: (event) => {
      if (o.sendsEvents) webhooks.enqueue(event);
    },
    violations,
  };
  const state: ApiState = {
    records,
    keys: new Map(),
    secretKey: o.secretKey,
    faults: [],
    exchanges: [],
    held: undefined,
    isSearchBehind: false,
    refundStatus: 'succeeded',
    pageSize: o.pageSize ?? 100,
  };
  const server = createApiServer(state);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  // as: a server that listens on TCP has an address and a port.
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    exchanges: state.exchanges,
    ...controlsOf(state),
    sign: webhooks.sign,
    send: webhooks.send,
    async stop() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      await webhooks.sent();
      assertNoViolations([], [...new Set(violations)]);
    },
  };
}

function controlsOf(state: ApiState) {
  const { records } = state;
  return {
    events: records.events,
    intent: (id: string) => intentById(records, id),
    refunds: (intentId: string) => [...records.refunds.values()].filter((one) => one.payment_intent === intentId),
    confirm: (id: string, card: TestCard) => confirmIntent(records, intentById(records, id), card),
    settle: (id: string, succeeds: boolean) => settleIntent(records, intentById(records, id), succeeds),
    openDispute: (id: string, status: Stripe.Dispute.Status = 'needs_response') => openDispute(records, id, status),
    escalateDispute: (id: string) => withdrawFunds(records, disputeById(records, id)),
    closeDispute: (id: string, status: Stripe.Dispute.Status) =>
      closeDispute(records, disputeById(records, id), status),
    failNext: (fault: ApiFault) => void state.faults.push(fault),
    holdNext: () => {
      const { promise, resolve } = Promise.withResolvers<void>();
      state.held = promise;
      return resolve;
    },
    requestsUnderWay: () => [...state.keys.values()].filter(({ answer }) => answer === undefined).length,
    setSearchBehind: (isBehind: boolean) => {
      state.isSearchBehind = isBehind;
    },
    setRefundStatus: (status: ApiState['refundStatus']) => {
      state.refundStatus = status;
    },
    forgetIdempotencyKeys: () => state.keys.clear(),
    takeViolations: () => records.violations.splice(0),
  };
}

function createWebhookSender(
  { webhookSecret, webhookUrl, now = () => new Date() }: StripeStandInOptions,
  violations: string[],
) {
  let queue: Promise<unknown> = Promise.resolve();
  const sign = (event: StripeEvent, { at = now(), secret = webhookSecret }: Delivery = {}) => {
    assertNoViolations(violations, eventProblems(event));
    const body = Buffer.from(JSON.stringify(event, null, 2));
    const time = Math.floor(at.getTime() / 1000);
    const signature = createHmac('sha256', secret).update(`${time}.`).update(body).digest('hex');
    return {
      body,
      headers: { 'content-type': 'application/json; charset=utf-8', 'stripe-signature': `t=${time},v1=${signature}` },
    };
  };
  const send = async (event: StripeEvent, delivery: Delivery = {}): Promise<number> => {
    if (webhookUrl === undefined) throw new Error('The stand-in for Stripe has no webhookUrl');
    const { body, headers } = sign(event, delivery);
    const response = await fetch(webhookUrl, { method: 'POST', headers, body: new Uint8Array(body) });
    await response.arrayBuffer();
    return response.status;
  };
  return {
    sign,
    send,
    /** One after another. An endpoint that cannot be reached has lost the event, as if Stripe gave up. */
    enqueue(event: StripeEvent): void {
      const delivery = () => send(event).catch(() => undefined);
      queue = queue.then(delivery);
    },
    sent: () => queue,
  };
}
