import type { TLSSocket } from 'node:tls';
import { isSafe } from '@tradepost/contracts/idempotency';
import { ProblemError } from '@tradepost/contracts/problem-error';
import { stateOf } from '@tradepost/runtime/request-state';
import { targetProblemOf } from '@tradepost/runtime/request-target';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { DelayedRefusals } from '../actions/delayed-refusals.ts';
import type { RateLimiter } from '../actions/rate-limiter.ts';
import { credentialKey, type ResolvedCredential, type TokenCache } from '../actions/token-cache.ts';
import { addressGroup, describeClient } from '../domain/client-address.ts';
import { type CorsPolicy, corsHeaders, isCorsUsed, preflightHeaders } from '../domain/cors.ts';
import { type Credential, readCredential } from '../domain/credential.ts';
import { isOriginAllowed } from '../domain/origin.ts';
import { rateLimitHeader } from '../domain/rate-limit.ts';
import { findRoute, isSignIn, pathOf } from '../domain/routing.ts';
import { applyHeaders, type GatewayContext, setGatewayContext } from './gateway-context.ts';
import { securityHeaders } from './security-headers.ts';

export type IngressOptions = {
  trustedHops: number;
  /** Clients reach the gateway by https, whatever the last connection is. */
  https: boolean;
  cors: CorsPolicy;
  limits: Record<'address' | 'identity' | 'signIn', RateLimiter | undefined>;
  tokens: TokenCache;
  refusals: DelayedRefusals;
  /** Called for a request that has been let as far as a service. */
  onChange(request: FastifyRequest, reply: FastifyReply, context: GatewayContext): void;
  onLimited(policy: string): void;
  /** Called for a request whose refusal is delayed: it is not in flight any more. */
  onDelay(request: FastifyRequest): void;
  /** Called for a request that the gateway answers by itself, or refuses. */
  onOwn(reply: FastifyReply, context: GatewayContext): void;
};

type Done = (error?: Error) => void;

/**
 * What happens to every request first, as an `onRequest` hook: it is told apart where it comes from and who it is from, held
 * to its rate, and refused if it is not plain or another site's doing. Only an unknown credential makes it wait.
 */
export function createIngressHook(
  o: IngressOptions,
): (request: FastifyRequest, reply: FastifyReply, done: Done) => void {
  const varies = isCorsUsed(o.cors);
  return (request, reply, done) => {
    const { raw } = request;
    const { headers } = raw;
    const context = describe(request, o);
    setGatewayContext(request, context);
    const finish: Done = (error) => {
      if (error !== undefined && context.route !== undefined) stateOf(request).route = context.route.prefix;
      if (error !== undefined || context.route === undefined) {
        o.onOwn(reply, context);
        applyHeaders(reply, context);
        if (varies) reply.header('vary', 'origin');
      }
      if (context.limited && o.refusals.delay(() => done(error))) o.onDelay(request);
      else done(error);
    };
    if (headers.origin !== undefined) {
      const allowed = corsHeaders(headers.origin, o.cors);
      context.added.push(...allowed);
      if (raw.method === 'OPTIONS' && headers['access-control-request-method'] !== undefined && allowed.length > 0) {
        context.added.push(...preflightHeaders(single(headers['access-control-request-headers'])));
        applyHeaders(reply, context);
        reply.code(204).header('vary', 'origin, access-control-request-headers').send();
        return;
      }
    }
    const problem = targetProblemOf(raw);
    if (problem !== undefined) {
      finish(problem);
      return;
    }
    if (context.route !== undefined && !isSafe(raw.method ?? '')) o.onChange(request, reply, context);
    identify(request, context, o, finish);
  };
}

function describe(request: FastifyRequest, o: IngressOptions): GatewayContext {
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
    rate: undefined,
    limited: false,
  };
}

function identify(request: FastifyRequest, context: GatewayContext, o: IngressOptions, done: Done): void {
  const { authorization, cookie } = request.raw.headers;
  const credential = readCredential(authorization, cookie);
  if (credential !== undefined) context.credential = { key: credentialKey(credential), kind: credential.kind };
  // `auth` looks at credentials itself, as they are.
  const { tokens } = o;
  if (credential === undefined || context.credential === undefined || context.route?.upstream === 'auth') {
    if (credential !== undefined && context.credential !== undefined) {
      const known = tokens.find(context.credential.key, credential);
      if (known?.kind === 'known') context.caller = known.caller;
    }
    done(limitByAddress(request, context, o));
    return;
  }
  const problem = crossSite(request, context, credential, o);
  if (problem !== undefined) {
    done(problem);
    return;
  }
  const { key } = context.credential;
  const known = tokens.find(key, credential);
  if (known?.kind === 'known') {
    done(limit(o.limits.identity, known.caller.accountId, context, o) ?? adopt(request, context, known));
    return;
  }
  // Whoever tries credentials is held to the rate of an address before anybody is asked about them.
  const limited = limitByAddress(request, context, o);
  if (limited !== undefined) done(limited);
  else if (known !== undefined) done(adopt(request, context, known));
  else {
    tokens.resolve(key, credential).then(
      (learnt) => done(adopt(request, context, learnt)),
      (error: Error) => done(error),
    );
  }
}

/** Makes the request one of the caller's; what is worth nothing goes on as it came, for the service to refuse. */
function adopt(request: FastifyRequest, context: GatewayContext, known: ResolvedCredential): ProblemError | undefined {
  if (known.kind !== 'known') {
    return known.kind === 'revoked' ? new ProblemError('unauthenticated', 'The session has ended') : undefined;
  }
  context.caller = known.caller;
  stateOf(request).identity = known.caller;
  context.known = known;
  context.authorization = `Bearer ${known.jwt}`;
  // The gateway's own routes are guarded in the same way as those of any service.
  if (context.route === undefined) request.raw.headers.authorization = context.authorization;
  return undefined;
}

function crossSite(
  request: FastifyRequest,
  context: GatewayContext,
  credential: Credential,
  { cors }: IngressOptions,
): ProblemError | undefined {
  const { method = '', headers } = request.raw;
  if (credential.kind !== 'cookie' || isSafe(method)) return undefined;
  const fetchSite = single(headers['sec-fetch-site']);
  if (isOriginAllowed({ origin: headers.origin, fetchSite, host: context.client.host }, cors.trusted)) return undefined;
  return new ProblemError(
    'origin_refused',
    'A change that is authenticated by a cookie must come from a trusted origin',
  );
}

function limitByAddress(request: FastifyRequest, context: GatewayContext, o: IngressOptions): ProblemError | undefined {
  const group = addressGroup(context.client.address);
  const problem = limit(o.limits.address, group, context, o);
  if (problem !== undefined || context.route?.upstream !== 'auth') return problem;
  if (request.raw.method !== 'POST' || !isSignIn(context.path)) return undefined;
  return limit(o.limits.signIn, group, context, o);
}

function limit(
  limiter: RateLimiter | undefined,
  key: string,
  context: GatewayContext,
  o: IngressOptions,
): ProblemError | undefined {
  if (limiter === undefined) return undefined;
  const now = performance.now();
  const taken = limiter.take(key, now);
  const { policy } = limiter;
  setAdded(context.added, 'ratelimit-policy', policy.header);
  setAdded(context.added, 'ratelimit', rateLimitHeader(policy, taken, now));
  context.rate = { limiter, key };
  if (taken.allowed) return undefined;
  context.limited = true;
  o.onLimited(policy.name);
  return new ProblemError('rate_limited', 'Too many requests; see Retry-After', {
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
