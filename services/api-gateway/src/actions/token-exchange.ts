import type { ProblemCode } from '@tradepost/contracts/problem';
import { ProblemError } from '@tradepost/contracts/problem-error';
import { AccessClaims } from '@tradepost/contracts/roles';
import { type Static, Type } from 'typebox';
import { Value } from 'typebox/value';
import type { Credential } from '../domain/credential.ts';
import { fetchFromUpstream, UpstreamError, type UpstreamResponse } from '../upstream/fetch-from-upstream.ts';
import type { Upstream } from '../upstream/upstream.ts';
import type { ExchangeObserver } from '../upstream/upstream-exchange.ts';
import { type IssuedToken, SECOND_FACTOR_MISSING } from './resolved-credential.ts';

const TokenAnswer = Type.Object({ token: Type.String({ minLength: 1 }) });
const ProblemAnswer = Type.Object({ code: Type.String() });
const Claims = Type.Object({ ...AccessClaims.properties, exp: Type.Integer(), iat: Type.Optional(Type.Integer()) });

/**
 * Exchanges a session token, an API key or a session cookie for the access token that the services understand;
 * undefined: `auth` knows no such credential. Throws `unavailable` when it is not to be had.
 */
export async function exchangeCredential(
  auth: Upstream,
  credential: Credential,
  context: { observer: ExchangeObserver; timeoutMs: number; now: number },
): Promise<IssuedToken | typeof SECOND_FACTOR_MISSING | undefined> {
  const { kind, value } = credential;
  const answer = await askAuth(auth, {
    headers: kind === 'cookie' ? ['cookie', value] : ['authorization', `Bearer ${value}`],
    ...context,
  });
  if (answer.status === 403 && codeOf(answer.body) === 'second_factor_not_set_up') return SECOND_FACTOR_MISSING;
  if (answer.status === 401 || answer.status === 403) return undefined;
  const token = answer.status === 200 ? tokenOf(answer.body) : undefined;
  const claims = token === undefined ? undefined : readClaims(token);
  if (token === undefined || claims === undefined) throw exchangeFailed(answer);
  const expiresAt = Math.min(expiry(claims, context.now), claims.exp * 1000);
  const cookies = kind === 'cookie' ? [answer.headers['set-cookie'] ?? []].flat() : [];
  return { jwt: token, expiresAt, issuedAt: issuedAtOf(claims), cookies, ...callerOf(claims) };
}

async function askAuth(
  auth: Upstream,
  o: { headers: string[]; observer: ExchangeObserver; timeoutMs: number },
): Promise<UpstreamResponse> {
  try {
    const headers = [...o.headers, 'accept', 'application/json'];
    return await fetchFromUpstream(
      auth,
      { path: '/api/v1/auth/token', headers, timeoutMs: o.timeoutMs, maxBytes: 64 * 1024 },
      o.observer,
    );
  } catch (error) {
    if (!(error instanceof UpstreamError)) throw error;
    throw new ProblemError('unavailable', 'Sign-in cannot be checked at the moment', {
      retryAfter: error.failure.retryAfter,
      cause: error,
    });
  }
}

function exchangeFailed({ status, headers }: UpstreamResponse): ProblemError {
  const wait = Number(headers['retry-after']);
  return new ProblemError('unavailable', 'Sign-in cannot be checked at the moment', {
    retryAfter: Number.isFinite(wait) && wait > 0 ? Math.min(wait, 60) : 1,
    cause: new Error(`auth answered ${status} instead of a token`),
  });
}

function codeOf(body: Buffer): ProblemCode | undefined {
  const parsed = parse(body.toString());
  // as: a code that is none of the table is compared with those that are, and is none of them.
  return Value.Check(ProblemAnswer, parsed) ? (parsed.code as ProblemCode) : undefined;
}

function tokenOf(body: Buffer): string | undefined {
  const parsed = parse(body.toString());
  return Value.Check(TokenAnswer, parsed) ? parsed.token : undefined;
}

/**
 * The claims of a token that `auth` itself has just handed out over the gateway's own connection: the signature is not
 * looked at here, the services check it.
 */
function readClaims(jwt: string): Static<typeof Claims> | undefined {
  const payload = parse(Buffer.from(jwt.split('.')[1] ?? '', 'base64url').toString());
  return Value.Check(Claims, payload) ? payload : undefined;
}

/** By this machine's clock, which need not agree with that of `auth`. */
function expiry({ exp, iat }: Static<typeof Claims>, now: number): number {
  return iat === undefined ? exp * 1000 : now + (exp - iat) * 1000;
}

const issuedAtOf = ({ iat }: Static<typeof Claims>) => (iat === undefined ? undefined : iat * 1000);

function callerOf({ sub, sid, role, act }: Static<typeof Claims>) {
  return { accountId: sub, sessionId: sid, role, ...(act && { operatorId: act.sub }) };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Reads an access token that a client sent as it is, once `verify` has found it good; undefined when it has not. */
export async function checkAccessToken(
  verify: (token: string) => Promise<unknown>,
  token: string,
): Promise<IssuedToken | undefined> {
  try {
    await verify(token);
  } catch (error) {
    // Not valid, or not known now: the service that gets the request checks the token itself.
    if (error instanceof ProblemError) return undefined;
    throw error;
  }
  const claims = readClaims(token);
  return claims && { jwt: token, expiresAt: claims.exp * 1000, issuedAt: issuedAtOf(claims), ...callerOf(claims) };
}
