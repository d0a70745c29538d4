import { ProblemError } from '@tradepost/contracts/problem-error';
import { networkOf } from '@tradepost/runtime/client-address';
import type { FastifyRequest } from 'fastify';
import type { RateLimiter } from '../actions/rate-limiter.ts';
import { rateLimitHeader } from '../domain/rate-limit.ts';
import { isSignIn } from '../domain/routing.ts';
import type { GatewayContext } from './gateway-context.ts';

export type RateLimitOptions = {
  limits: Record<'address' | 'identity' | 'signIn', RateLimiter | undefined>;
  onLimited(policy: string): void;
};

/** Holds a request to the rate of its address and, where it signs in, to that of sign-ins. */
export function limitByAddress(
  request: FastifyRequest,
  context: GatewayContext,
  o: RateLimitOptions,
): ProblemError | undefined {
  const group = networkOf(context.client.address);
  const problem = limitRate(o.limits.address, group, context, o);
  if (problem !== undefined || context.route?.upstream !== 'auth') return problem;
  if (request.raw.method !== 'POST' || !isSignIn(context.path)) return undefined;
  return limitRate(o.limits.signIn, group, context, o);
}

/** Counts a request and refuses it beyond the rate. Undefined: it is within, or the rate is off. */
export function limitRate(
  limiter: RateLimiter | undefined,
  key: string,
  context: GatewayContext,
  o: RateLimitOptions,
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

/** Of two rates that apply, the response has the later one, which is the stricter. */
function setAdded(added: string[], name: string, value: string): void {
  const at = added.indexOf(name);
  if (at === -1) added.push(name, value);
  else added[at + 1] = value;
}
