import { randomUUID } from 'node:crypto';

/** Someone who buys: signs up, places orders under keys of their own, and asks again as a real client does. */
export type Shopper = {
  token: string;
  email: string;
  /** One request with the shopper's token; the answer's body is parsed when it is JSON. */
  call(method: string, path: string, o?: { body?: unknown; headers?: Record<string, string> }): Promise<Answer>;
  /** Places an order; asks again under the same key while the answer is lost or says to try later. */
  buy(lines: { sku: string; quantity: number }[], o?: BuyOptions): Promise<Answer>;
};

export type BuyOptions = { key?: string; token?: string; prefer?: string; attempts?: number };

// biome-ignore lint/suspicious/noExplicitAny: a test reads whatever the API answered and says what it expects of it.
export type Answer = { status: number; headers: Headers; body: any };

const address = { name: 'Ada Byron', line1: '1 Analytical Row', city: 'London', postalCode: 'N1', country: 'GB' };

/** The gateway, and what was seen of it. */
export type Site = { gatewayUrl: string; exchanges: Exchange[] };

export type Exchange = { method: string; path: string; answer: Answer };

/** One request to the gateway, which is noted. */
export async function ask(
  site: Site,
  method: string,
  path: string,
  o: { body?: unknown; headers?: Record<string, string> } = {},
): Promise<Answer> {
  const answer = await request(`${site.gatewayUrl}${path}`, { method, ...o });
  site.exchanges.push({ method, path, answer });
  return answer;
}

async function request(
  url: string,
  o: { method?: string; body?: unknown; headers?: Record<string, string> } = {},
): Promise<Answer> {
  const hasBody = o.body !== undefined;
  const response = await fetch(url, {
    method: o.method ?? 'GET',
    headers: { ...(hasBody ? { 'content-type': 'application/json' } : {}), ...o.headers },
    ...(hasBody ? { body: typeof o.body === 'string' ? o.body : JSON.stringify(o.body) } : {}),
    signal: AbortSignal.timeout(60_000),
  });
  const text = await response.text();
  const isJson = response.headers.get('content-type')?.includes('json');
  return { status: response.status, headers: response.headers, body: isJson && text ? JSON.parse(text) : text };
}

/** Signs a new shopper up through the public API. */
export async function signUp(site: Site): Promise<Shopper> {
  const email = `shopper-${randomUUID()}@example.com`;
  const body = { name: 'Ada Byron', email, password: 'correct horse battery' };
  const answer = await ask(site, 'POST', '/api/v1/auth/sign-up/email', { body });
  if (answer.status >= 300) throw new Error(`Sign-up was answered ${answer.status}: ${JSON.stringify(answer.body)}`);
  return shopper(site, answer.body.token, email);
}

/** Signs in to an account that is there. */
export async function signIn(site: Site, email: string, password: string): Promise<Shopper> {
  const answer = await ask(site, 'POST', '/api/v1/auth/sign-in/email', { body: { email, password } });
  if (answer.status !== 200) throw new Error(`Sign-in was answered ${answer.status}: ${JSON.stringify(answer.body)}`);
  return shopper(site, answer.body.token, email);
}

function shopper(site: Site, token: string, email: string): Shopper {
  const call: Shopper['call'] = (method, path, o = {}) =>
    ask(site, method, path, { ...o, headers: { authorization: `Bearer ${token}`, ...o.headers } });
  return {
    token,
    email,
    call,
    async buy(lines, { key = randomUUID(), token: payment = 'ok', prefer, attempts = 1 } = {}) {
      const body = { lines, shippingAddress: address, payment: { provider: 'sandbox', token: payment } };
      const headers = { 'idempotency-key': key, ...(prefer ? { prefer } : {}) };
      for (let attempt = 1; ; attempt++) {
        const answer = await call('POST', '/api/v1/orders', { body, headers }).catch((err: unknown) => {
          if (attempt >= attempts) throw err;
          return null;
        });
        if (answer && (answer.status < 500 || attempt >= attempts)) return answer;
        await new Promise((resolve) => setTimeout(resolve, Math.min(1000, 50 * 2 ** attempt)));
      }
    },
  };
}
