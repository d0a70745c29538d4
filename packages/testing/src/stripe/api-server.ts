import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { text } from 'node:stream/consumers';
import { ApiError } from './api-error.ts';
import { answerProblems, paramProblems } from './description-check.ts';
import { type FormParams, parseForm } from './form.ts';
import { type ApiAnswer, answerOnce, type IdempotencyKeys } from './idempotency.ts';
import { stripeId } from './objects.ts';
import { cancelIntent, captureIntent, createIntent, retrieveIntent, searchIntents } from './payment-intents-api.ts';
import { assertNoViolations, DescriptionError, type StripeRecords } from './records.ts';
import { createRefund, listRefunds } from './refunds-api.ts';

/**
 * What goes wrong with a request: an answer 500, a broken connection, or no answer at all; `before` or `after` the request did its
 * work, which from outside look the same. `method`: of the next request by it.
 */
export type ApiFault = { when: 'before' | 'after'; what: 'error' | 'disconnect' | 'silence'; method?: 'GET' | 'POST' };

/** A request that arrived, and what was answered to it. */
export type ApiExchange = {
  method: string;
  path: string;
  params: FormParams;
  idempotencyKey: string | undefined;
  apiVersion: string | undefined;
  status: number;
  body: object;
};

export type ApiState = {
  records: StripeRecords;
  keys: IdempotencyKeys;
  secretKey: string;
  /** For the next requests, one each. */
  faults: ApiFault[];
  exchanges: ApiExchange[];
  /** Where it is there, the next POST begins, and goes on when this resolves. */
  held: Promise<void> | undefined;
  /** How far behind the search is: nothing of late is found. */
  isSearchBehind: boolean;
  refundStatus: 'succeeded' | 'pending' | 'failed';
  /** How many objects a page of a list has at most. */
  pageSize: number;
};

type Route = {
  /** As in `described-calls.ts`. */
  call: string;
  /** The parameters that the stand-in takes: a part of those that Stripe has. */
  params: readonly string[];
  run(state: ApiState, params: FormParams, id: string): object;
};

const intentParams = ['amount', 'currency', 'automatic_payment_methods', 'capture_method', 'description', 'metadata'];

/** The first one that matches is taken: `search` is no id. */
export const routes: readonly Route[] = [
  {
    call: 'POST /v1/payment_intents',
    params: [...intentParams, 'expand'],
    run: ({ records }, params) => createIntent(records, params),
  },
  {
    call: 'GET /v1/payment_intents/search',
    params: ['query', 'limit', 'page', 'expand'],
    run: ({ records, isSearchBehind }, params) => searchIntents(records, params, !isSearchBehind),
  },
  {
    call: 'GET /v1/payment_intents/{intent}',
    params: ['client_secret', 'expand'],
    run: ({ records }, params, id) => retrieveIntent(records, params, id),
  },
  {
    call: 'POST /v1/payment_intents/{intent}/capture',
    params: ['amount_to_capture', 'expand'],
    run: ({ records }, params, id) => captureIntent(records, params, id),
  },
  {
    call: 'POST /v1/payment_intents/{intent}/cancel',
    params: ['cancellation_reason', 'expand'],
    run: ({ records }, params, id) => cancelIntent(records, params, id),
  },
  {
    call: 'POST /v1/refunds',
    params: ['payment_intent', 'amount', 'metadata', 'reason', 'expand'],
    run: ({ records, refundStatus }, params) => createRefund(records, params, refundStatus),
  },
  {
    call: 'GET /v1/refunds',
    params: ['payment_intent', 'limit', 'starting_after', 'expand'],
    run: ({ records, pageSize }, params) => listRefunds(records, params, pageSize),
  },
];

/** Listens for what the official SDK sends. */
export function createApiServer(state: ApiState): Server {
  return createServer((request, response) => {
    void answerRequest(state, request, response).catch((error) => response.destroy(error));
  });
}

async function answerRequest(state: ApiState, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { pathname: path, search } = new URL(request.url ?? '/', 'http://localhost');
  const body = await text(request);
  const method = request.method ?? '';
  const params = parseForm(method === 'GET' ? search.slice(1) : body);
  const fault = takeFault(state.faults, method);
  const route = routes.find(({ call }) => patternOf(call).test(`${method} ${path}`));
  const call = route?.call ?? `${method} ${path}`;
  const answer = await answerAsDescribed(state, call, () =>
    answerOrError(() => answerCall(state, { request, method, path, params, body, fault, route, call })),
  );
  state.exchanges.push({
    method,
    path,
    params,
    idempotencyKey: header(request, 'idempotency-key'),
    apiVersion: header(request, 'stripe-version'),
    status: answer.status,
    body: structuredClone(answer.body),
  });
  if (fault?.what === 'silence') return;
  if (fault?.what === 'disconnect') {
    response.destroy();
    return;
  }
  response.writeHead(answer.status, {
    'content-type': 'application/json',
    'request-id': stripeId('req'),
    'stripe-version': state.records.apiVersion,
    ...(answer.isReplayed ? { 'idempotent-replayed': 'true' } : {}),
  });
  response.end(JSON.stringify(answer.body, null, 2));
}

const patternOf = (call: string): RegExp => new RegExp(`^${call.replace(/\{\w+\}/, '(\\w+)')}$`);

/** An answer that is not as Stripe describes it, and one to such a request, becomes an error 500 that says what is wrong. */
async function answerAsDescribed(state: ApiState, call: string, answer: () => Promise<ApiAnswer>): Promise<ApiAnswer> {
  try {
    const made = await answer();
    assertNoViolations(state.records.violations, answerProblems(call, made));
    return made;
  } catch (error) {
    if (!(error instanceof DescriptionError)) throw error;
    return brokenAnswer(error.message);
  }
}

function takeFault(faults: ApiFault[], method: string): ApiFault | undefined {
  const index = faults.findIndex((fault) => fault.method === undefined || fault.method === method);
  return index === -1 ? undefined : faults.splice(index, 1)[0];
}

type Call = {
  request: IncomingMessage;
  method: string;
  path: string;
  params: FormParams;
  body: string;
  fault: ApiFault | undefined;
  route: Route | undefined;
  /** Of the route, or what was asked for where there is none. */
  call: string;
};

async function answerCall(state: ApiState, o: Call): Promise<ApiAnswer> {
  const { request, method, path, params, body, fault, route, call } = o;
  assertKnownKey(request, state.secretKey);
  assertNoViolations(state.records.violations, paramProblems(call, params));
  if (!route) throw new Error(`The stand-in has no route for ${call}`);
  const notTaken = Object.keys(params).filter((name) => !route.params.includes(name));
  assertNoViolations(
    state.records.violations,
    notTaken.map((name) => `${call}.${name} exists at Stripe, but the stand-in does not take it`),
  );
  if (fault?.when === 'before') return brokenAnswer('An unknown error occurred');
  const key = method === 'POST' ? header(request, 'idempotency-key') : undefined;
  return answerOnce(state.keys, { key, request: `${path} ${body}` }, async () => {
    const held = method === 'POST' ? state.held : undefined;
    if (held) state.held = undefined;
    await held;
    const [, id = ''] = patternOf(call).exec(`${method} ${path}`) ?? [];
    const done = structuredClone(route.run(state, params, id));
    return fault?.what === 'error' ? brokenAnswer('An unknown error occurred') : { status: 200, body: done };
  });
}

const brokenAnswer = (message: string): ApiAnswer => ({ status: 500, body: { error: { type: 'api_error', message } } });

async function answerOrError(answer: () => Promise<ApiAnswer>): Promise<ApiAnswer> {
  try {
    return await answer();
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    return { status: error.status, body: { error: error.error } };
  }
}

function assertKnownKey(request: IncomingMessage, secretKey: string): void {
  if (header(request, 'authorization') === `Bearer ${secretKey}`) return;
  const given = header(request, 'authorization')?.replace(/^Bearer /, '') ?? '';
  throw new ApiError(401, {
    type: 'invalid_request_error',
    message: `Invalid API Key provided: ${given.slice(0, 12)}****${given.slice(-4)}`,
  });
}

function header(request: IncomingMessage, name: string): string | undefined {
  const value = request.headers[name];
  return Array.isArray(value) ? value[0] : value;
}
