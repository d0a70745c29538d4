import { type Agent, request } from 'undici';

export type HostileRequest = { name: string; run: (signal: AbortSignal) => Promise<string> };

type Sent = { method: string; path: string; headers?: Record<string, string>; body?: string };

/** How long each of them goes on. */
const SECONDS = 15;
/** The address of the hostile client. */
export const HOSTILE_ADDRESS = { 'x-forwarded-for': '198.51.100.1' };
/** Requests of the hostile client under way at once. */
const AT_ONCE = 20;

/** Requests that cost a service much, if it lets them. */
export function hostileRequests(
  url: string,
  dispatcher: Agent,
  tokens: { seller: string; customer: string },
): HostileRequest[] {
  const json = { 'content-type': 'application/json' };
  const as = (token: string) => ({ ...json, authorization: `Bearer ${token}` });
  const product = (title: string) => JSON.stringify({ title, description: '', variants: [] });
  const marks = 'e\u0301\u200d'.repeat(80_000);
  const many = (name: string, sent: Sent): HostileRequest => ({
    name,
    run: (signal) => sendForAWhile(url, dispatcher, sent, signal),
  });
  const post = { method: 'POST' };
  return [
    many('title of a million letters', {
      ...{ ...post, path: '/api/v1/products', headers: as(tokens.seller) },
      body: product(`${'a'.repeat(1_000_000)}\u0007`),
    }),
    many('product of 240,000 combining marks', {
      ...{ ...post, path: '/api/v1/products', headers: as(tokens.seller) },
      body: JSON.stringify({ title: 'T', description: marks, variants: [] }),
    }),
    many('anonymous sign-up with a long name', {
      ...{ ...post, path: '/api/v1/auth/sign-up/email', headers: json },
      body: JSON.stringify({ name: `${'a '.repeat(8_000)}\u0007`, email: 'a@example.com', password: 'x'.repeat(12) }),
    }),
    many('a million bytes of escapes', {
      ...{ ...post, path: '/api/v1/orders', headers: as(tokens.customer) },
      body: `["${'\\u0000'.repeat(160_000)}"]`,
    }),
    many('90,000 keys', {
      ...{ ...post, path: '/api/v1/orders', headers: as(tokens.customer) },
      body: `{${Array.from({ length: 90_000 }, (_, i) => `"k${i}":1`).join(',')}}`,
    }),
    many('50,000 brackets', {
      ...{ ...post, path: '/api/v1/auth/sign-in/email', headers: json },
      body: '['.repeat(50_000),
    }),
    many('search for a long text', { method: 'GET', path: `/api/v1/products?q=${'vintage%20lamp%20'.repeat(12)}` }),
  ];
}

async function sendForAWhile(url: string, dispatcher: Agent, sent: Sent, signal: AbortSignal): Promise<string> {
  const statuses = new Map<string, number>();
  const end = performance.now() + SECONDS * 1000;
  const { path, method, headers = {} } = sent;
  // Encoded once: the attacker's work is not to count.
  const body = sent.body === undefined ? null : Buffer.from(sent.body);
  const client = async () => {
    while (performance.now() < end && !signal.aborted) {
      const status = await request(url + path, {
        dispatcher,
        signal,
        method: method === 'GET' ? 'GET' : 'POST',
        headers: { ...headers, ...HOSTILE_ADDRESS },
        body,
      })
        .then(async (response) => {
          await response.body.dump();
          return String(response.statusCode);
        })
        .catch(() => 'connection closed');
      statuses.set(status, (statuses.get(status) ?? 0) + 1);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, client));
  return [...statuses].map(([status, count]) => `${count} × ${status}`).join(', ');
}
