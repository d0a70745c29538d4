import { randomUUID } from 'node:crypto';
import { startService, type TestService } from '@tradepost/testing/service';
import { authService } from '../src/service.ts';

export const SECRET = 'a-secret-for-tests-0123456789-abcdefghijklmnop';
export const MAIL_KEY = 'a-mail-key-for-tests-0123456789-abcdefghijklmnop';
export const PASSWORD = 'a perfectly fine passphrase';
export const ORIGIN = 'http://localhost:8080';

/** One answer, read. */
export type Answer = {
  status: number;
  headers: Headers;
  /** The parsed body. */
  body: Body;
};

/** What any of the answers may hold; a test reads what it expects and fails when it is not there. */
type Body = {
  [key: string]: unknown;
  token: string;
  key: string;
  id: string;
  code: string;
  detail: string;
  name: string;
  start: string;
  role: string;
  banned: boolean;
  revoked: number;
  bannedUntil: string | null;
  challenge: string;
  secret: string;
  otpauthUri: string;
  recoveryCodes: string[];
  nextCursor: string | null;
  user: { id: string; email: string; name: string; role: string };
  session: { id: string; expiresAt: string; ipAddress: string | null; userAgent: string | null };
  errors: { field: string; message: string }[];
  items: { id: string; email: string; current: boolean; name: string; lastUsedAt: string | null }[];
  keys: { kid: string; kty: string; crv: string; x: string; alg: string; use: string; d?: string }[];
};

export type Ask = {
  body?: unknown;
  /** Sent as it is, instead of `body`. */
  raw?: string | Uint8Array<ArrayBuffer>;
  headers?: Record<string, string>;
};

/** The service with what asks it over HTTP. */
export type Auth = TestService & {
  get(path: string, headers?: Record<string, string>): Promise<Answer>;
  post(path: string, ask?: Ask): Promise<Answer>;
  ask(method: string, path: string, ask?: Ask): Promise<Answer>;
  /** A new account, signed in. */
  someone(o?: { role?: string; email?: string }): Promise<Someone>;
};

export type Someone = {
  id: string;
  email: string;
  token: string;
  /** `name=value` of the session cookie. */
  cookie: string;
  bearer: { authorization: string };
};

/** Starts the service, with limits that are not in the way. */
export async function startAuth(overrides: Record<string, string | number | boolean> = {}): Promise<Auth> {
  const service = await startService(authService, {
    AUTH_SECRET: SECRET,
    MAIL_KEY,
    SIGN_UPS_PER_ADDRESS: 0,
    ...overrides,
  });
  const client = clientOf(service.url);
  return {
    ...service,
    ...client,
    async someone({ role = 'customer', email = `${randomUUID()}@example.com` } = {}) {
      const answer = await client.post('sign-up/email', { body: { name: 'Some One', email, password: PASSWORD } });
      if (answer.status !== 200) throw new Error(`The sign-up was answered ${answer.status}`);
      const { token, user } = answer.body;
      if (role !== 'customer') {
        await service.pool.query({
          text: 'update user_account set role = $2 where id = $1',
          values: [user.id, role],
        });
      }
      return { id: user.id, email, token, cookie: cookieOf(answer), bearer: { authorization: `Bearer ${token}` } };
    },
  };
}

export function clientOf(url: string): Pick<Auth, 'get' | 'post' | 'ask'> {
  const ask = async (method: string, path: string, { body, raw, headers = {} }: Ask = {}): Promise<Answer> => {
    const payload = raw ?? (body === undefined ? undefined : JSON.stringify(body));
    const response = await fetch(new URL(`/api/v1/auth/${path}`, url), {
      method,
      headers: { ...(payload === undefined ? {} : { 'content-type': 'application/json' }), ...headers },
      ...(payload === undefined ? {} : { body: payload }),
    });
    const text = await response.text();
    // as: the tests say what they expect of it.
    return { status: response.status, headers: response.headers, body: (text === '' ? {} : JSON.parse(text)) as Body };
  };
  return {
    ask,
    get: (path, headers) => ask('GET', path, { headers: headers ?? {} }),
    post: (path, o) => ask('POST', path, o),
  };
}

/** `name=value` of the session cookie that an answer sets. */
export function cookieOf(answer: Answer): string {
  const set = answer.headers.getSetCookie().find((cookie) => cookie.includes('session_token'));
  return set?.split(';', 1)[0] ?? '';
}
