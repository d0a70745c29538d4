import type { TLSSocket } from 'node:tls';
import { isSafe } from '@tradepost/contracts/idempotency';
import { Refusal } from '@tradepost/contracts/refusal';
import { stateOf } from '@tradepost/runtime/request-state';
import { targetProblemOf } from '@tradepost/runtime/request-target';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { type AccessTokens, credentialKey, type Known } from '../actions/access-tokens.ts';
import type { RateLimiter } from '../actions/rate-limiter.ts';
import { addressGroup, describeClient } from '../domain/client-address.ts';
import { type CorsPolicy, corsHeaders, isCorsUsed, preflightHeaders } from '../domain/cors.ts';
import { type Credential, readCredential } from '../domain/credential.ts';
import { isOriginAllowed } from '../domain/origin.ts';
import { rateLimitHeader } from '../domain/rate-limit.ts';
import { findRoute, isSignIn, pathOf } from '../domain/routing.ts';
import { dress, type Passage, setPassage } from './passage.ts';
import { securityHeaders } from './security-headers.ts';

export type EdgeOptions = {
  trustedHops: number;
  /** Clients reach the gateway by https, whatever the last connection is. */
  https: boolean;
  cors: CorsPolicy;
  limits: Record<'address' | 'identity' | 'signIn', RateLimiter | undefined>;
  tokens: AccessTokens;
  /** Called for a request that has been let as far as a service. */
  onChange(request: FastifyRequest, reply: FastifyReply, passage: Passage): void;
  onLimited(policy: string): void;
  /** Called for a request that the gateway answers by itself, or refuses. */
  onOwn(reply: FastifyReply, passage: Passage): void;
};

type Done = (error?: Error) => void;

/**
 * What happens to every request first, as an `onRequest` hook: it is told apart where it comes from and who it is from, held
 * to its rate, and refused if it is not plain or another site's doing. Only an unknown credential makes it wait.
 */
export function createEdge(o: EdgeOptions): (request: FastifyRequest, reply: FastifyReply, done: Done) => void {
  const varies = isCorsUsed(o.cors);
  return (request, reply, done) => {
    const { raw } = request;
    const { headers } = raw;
    const passage = describe(request, o);
    setPassage(request, passage);
    const finish: Done = (error) => {
      if (error !== undefined && passage.route !== undefined) stateOf(request).route = passage.route.prefix;
      if (error !== undefined || passage.route === undefined) {
        o.onOwn(reply, passage);
        dress(reply, passage);
        if (varies) reply.header('vary', 'origin');
      }
      done(error);
    };
    if (headers.origin !== undefined) {
      const allowed = corsHeaders(headers.origin, o.cors);
      passage.added.push(...allowed);
      if (raw.method === 'OPTIONS' && headers['access-control-request-method'] !== undefined && allowed.length > 0) {
        passage.added.push(...preflightHeaders(single(headers['access-control-request-headers'])));
        dress(reply, passage);
        reply.code(204).header('vary', 'origin, access-control-request-headers').send();
        return;
      }
    }
    const problem = targetProblemOf(raw);
    if (problem !== undefined) {
      finish(problem);
      return;
    }
    if (passage.route !== undefined && !isSafe(raw.method ?? '')) o.onChange(request, reply, passage);
    identify(request, passage, o, finish);
  };
}

function describe(request: FastifyRequest, o: EdgeOptions): Passage {
  const { raw } = request;
  const { headers } = raw;
  const path = pathOf(raw.url ?? '');
  const client = describeClient(
    {
      remoteAddress: raw.socket.remoteAddress,
      // as: a plain socket has no such property, which is the answer.
      encrypted: (raw.socket as TLSSocket).encrypted === true,
      host: headers.host ?? '',
      forwardedFor: single(headers['x-forwarded-for']),
      forwardedProto: single(headers['x-forwarded-proto']),
      forwardedHost: single(headers['x-forwarded-host']),
    },
    o.trustedHops,
  );
  return {
    client,
    path,
    route: findRoute(path),
    added: [...securityHeaders(o.https || client.protocol === 'https')],
    credential: undefined,
    caller: undefined,
    known: undefined,
    authorization: headers.authorization,
    limited: false,
  };
}

function identify(request: FastifyRequest, passage: Passage, o: EdgeOptions, done: Done): void {
  const { authorization, cookie } = request.raw.headers;
  const credential = readCredential(authorization, cookie);
  if (credential !== undefined) passage.credential = { key: credentialKey(credential), kind: credential.kind };
  // `auth` looks at credentials itself, as they are.
  const { tokens } = o;
  if (credential === undefined || passage.credential === undefined || passage.route?.upstream === 'auth') {
    if (credential !== undefined && passage.credential !== undefined) {
      const known = tokens.find(passage.credential.key, credential);
      if (known?.kind === 'known') passage.caller = known.caller;
    }
    done(limitByAddress(request, passage, o));
    return;
  }
  const refusal = crossSite(request, passage, credential, o);
  if (refusal !== undefined) {
    done(refusal);
    return;
  }
  const { key } = passage.credential;
  const known = tokens.find(key, credential);
  if (known?.kind === 'known') {
    done(limit(o.limits.identity, known.caller.accountId, passage, o) ?? adopt(request, passage, known));
    return;
  }
  // Whoever tries credentials is held to the rate of an address before anybody is asked about them.
  const limited = limitByAddress(request, passage, o);
  if (limited !== undefined) done(limited);
  else if (known !== undefined) done(adopt(request, passage, known));
  else {
    tokens.learn(key, credential).then(
      (learnt) => done(adopt(request, passage, learnt)),
      (error: Error) => done(error),
    );
  }
}

/** Makes the request one of the caller's; what is worth nothing goes on as it came, for the service to refuse. */
function adopt(request: FastifyRequest, passage: Passage, known: Known): Refusal | undefined {
  if (known.kind !== 'known') {
    return known.kind === 'revoked' ? new Refusal('unauthenticated', 'The session has ended') : undefined;
  }
  passage.caller = known.caller;
  stateOf(request).identity = known.caller;
  passage.known = known;
  passage.authorization = `Bearer ${known.jwt}`;
  // The gateway's own routes are guarded in the same way as those of any service.
  if (passage.route === undefined) request.raw.headers.authorization = passage.authorization;
  return undefined;
}

function crossSite(
  request: FastifyRequest,
  passage: Passage,
  credential: Credential,
  { cors }: EdgeOptions,
): Refusal | undefined {
  const { method = '', headers } = request.raw;
  if (credential.kind !== 'cookie' || isSafe(method)) return undefined;
  const fetchSite = single(headers['sec-fetch-site']);
  if (isOriginAllowed({ origin: headers.origin, fetchSite, host: passage.client.host }, cors.trusted)) return undefined;
  return new Refusal('origin_refused', 'A change that is authenticated by a cookie must come from a trusted origin');
}

function limitByAddress(request: FastifyRequest, passage: Passage, o: EdgeOptions): Refusal | undefined {
  const group = addressGroup(passage.client.address);
  const refusal = limit(o.limits.address, group, passage, o);
  if (refusal !== undefined || passage.route?.upstream !== 'auth') return refusal;
  if (request.raw.method !== 'POST' || !isSignIn(passage.path)) return undefined;
  return limit(o.limits.signIn, group, passage, o);
}

function limit(limiter: RateLimiter | undefined, key: string, passage: Passage, o: EdgeOptions): Refusal | undefined {
  if (limiter === undefined) return undefined;
  const now = performance.now();
  const taken = limiter.take(key, now);
  const { policy } = limiter;
  setAdded(passage.added, 'ratelimit-policy', policy.header);
  setAdded(passage.added, 'ratelimit', rateLimitHeader(policy, taken, now));
  if (taken.allowed) return undefined;
  passage.limited = true;
  o.onLimited(policy.name);
  return new Refusal('rate_limited', 'Too many requests; see Retry-After', {
    retryAfter: Math.ceil(taken.retryAfterMs / 1000),
  });
}

/** Of two rates that apply the later one, which is the stricter, is told. */
function setAdded(added: string[], name: string, value: string): void {
  const at = added.indexOf(name);
  if (at === -1) added.push(name, value);
  else added[at + 1] = value;
}

function single(value: string | string[] | undefined): string | undefined {
  return Array.isArray(value) ? value.join(', ') : value;
}
