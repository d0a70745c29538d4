import { randomUUID } from 'node:crypto';
import { setImmediate as nextTurnOfTheEventLoop } from 'node:timers/promises';
import { persist, reasonOf } from './persistence.ts';
import { CONDITION_LIMIT_MS } from './time-limits.ts';

/** Someone who buys: signs up, places orders under keys of their own, and asks again as a real client does. */
export type Shopper = {
  token: string;
  email: string;
  /** One request with the shopper's token; the answer's body is parsed when it is JSON. */
  call(method: string, path: string, o?: Message): Promise<Answer>;
  /** Places an order; asks again under the same key while the answer is lost or says to try later. */
  buy(lines: { sku: string; quantity: number }[], o?: BuyOptions): Promise<Answer>;
};

/** A request's body, sent as JSON unless it is a string, and its headers. */
export type Message = { body?: unknown; headers?: Record<string, string>; timeoutMs?: number };

export type BuyOptions = { key?: string; token?: string; prefer?: string; attempts?: number };

// biome-ignore lint/suspicious/noExplicitAny: a test reads whatever the API answered and says what it expects of it.
export type Answer = { status: number; headers: Headers; body: any };

const address = { name: 'Ada Byron', line1: '1 Analytical Row', city: 'London', postalCode: 'N1', country: 'GB' };

/** The gateway, and a callback for every exchange with it. */
export type Site = { gatewayUrl: string; onExchange?: (exchange: Exchange) => void };

export type Exchange = { method: string; path: string; answer: Answer };

/**
 * One request to the gateway. A redirect is an answer and is not followed: it may lead to another site.
 * Throws when there is no answer within `timeoutMs`, by default the limit that all tests share.
 */
export async function sendRequest(site: Site, method: string, path: string, o: Message = {}): Promise<Answer> {
  // A test that has waited for a program without a pause has not heard yet which of the kept connections were closed meanwhile.
  await nextTurnOfTheEventLoop();
  const hasBody = o.body !== undefined;
  const response = await fetch(`${site.gatewayUrl}${path}`, {
    method,
    redirect: 'manual',
    headers: { ...(hasBody ? { 'content-type': 'application/json' } : {}), ...o.headers },
    ...(hasBody ? { body: typeof o.body === 'string' ? o.body : JSON.stringify(o.body) } : {}),
    signal: AbortSignal.timeout(o.timeoutMs ?? CONDITION_LIMIT_MS),
  }).catch((cause: unknown) => {
    throw new Error(`${method} ${path} was not answered: ${reasonOf(cause)}`, { cause });
  });
  const text = await response.text();
  const isJson = response.headers.get('content-type')?.includes('json');
  const answer = { status: response.status, headers: response.headers, body: isJson && text ? JSON.parse(text) : text };
  site.onExchange?.({ method, path, answer });
  return answer;
}

/** What is sent to `POST /api/v1/orders` to pay by the sandbox's token. */
export function newOrder(lines: readonly { sku: string; quantity: number }[], token: string): object {
  return { lines, shippingAddress: address, payment: { provider: 'sandbox', token } };
}

/** Signs a new shopper up through the public API. */
export async function signUp(site: Site): Promise<Shopper> {
  const email = `shopper-${randomUUID()}@example.com`;
  const body = { name: 'Ada Byron', email, password: 'correct horse battery' };
  const answer = await sendRequest(site, 'POST', '/api/v1/auth/sign-up/email', { body });
  if (answer.status >= 300) throw new Error(`Sign-up was answered ${answer.status}: ${JSON.stringify(answer.body)}`);
  return shopper(site, answer.body.token, email);
}

/** Signs in to an account that is there. */
export async function signIn(site: Site, email: string, password: string): Promise<Shopper> {
  const answer = await sendRequest(site, 'POST', '/api/v1/auth/sign-in/email', { body: { email, password } });
  if (answer.status !== 200) throw new Error(`Sign-in was answered ${answer.status}: ${JSON.stringify(answer.body)}`);
  return shopper(site, answer.body.token, email);
}

function shopper(site: Site, token: string, email: string): Shopper {
  const call: Shopper['call'] = (method, path, o = {}) =>
    sendRequest(site, method, path, { ...o, headers: { authorization: `Bearer ${token}`, ...o.headers } });
  return {
    token,
    email,
    call,
    buy(lines, { key = randomUUID(), token: payment = 'ok', prefer, attempts = 1 } = {}) {
      const headers = { 'idempotency-key': key, ...(prefer ? { prefer } : {}) };
      return persist(() => call('POST', '/api/v1/orders', { body: newOrder(lines, payment), headers }), { attempts });
    },
  };
}
