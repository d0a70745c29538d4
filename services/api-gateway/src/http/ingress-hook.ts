import { isSafe } from '@tradepost/contracts/idempotency';
import { ProblemError } from '@tradepost/contracts/problem-error';
import { stateOf } from '@tradepost/runtime/request-state';
import { targetProblemOf } from '@tradepost/runtime/request-target';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { DelayedRejections } from '../actions/delayed-rejections.ts';
import { credentialKey, type ResolvedCredential } from '../actions/resolved-credential.ts';
import type { TokenCache } from '../actions/token-cache.ts';
import { type CorsPolicy, corsHeaders, isCorsUsed, preflightHeaders } from '../domain/cors.ts';
import { readCredential } from '../domain/credential.ts';
import { applyHeaders, type GatewayContext, newGatewayContext, setGatewayContext } from './gateway-context.ts';
import { headerValue } from './header-value.ts';
import { crossSiteProblem } from './origin-guard.ts';
import { limitByAddress, limitRate, type RateLimitOptions } from './rate-limits.ts';

export type IngressOptions = RateLimitOptions & {
  trustedHops: number;
  /** Clients reach the gateway by https, whatever the last connection is. */
  https: boolean;
  cors: CorsPolicy;
  tokens: TokenCache;
  refusals: DelayedRejections;
  /** Called for a request that has been let as far as a service. */
  onChange(request: FastifyRequest, reply: FastifyReply, context: GatewayContext): void;
  /** Called for a request whose refusal is delayed: it is not in flight any more. */
  onDelay(request: FastifyRequest): void;
  /** Called for a request that the gateway answers by itself, or refuses. */
  onOwn(reply: FastifyReply, context: GatewayContext): void;
};

type HookCallback = (error?: Error) => void;

/**
 * The first hook (`onRequest`) of every request: it finds the client address and the caller, applies the rate limit, and refuses
 * ambiguous targets and requests of other sites. It waits only for the exchange of an unknown credential.
 */
export function createIngressHook(
  o: IngressOptions,
): (request: FastifyRequest, reply: FastifyReply, done: HookCallback) => void {
  const varies = isCorsUsed(o.cors);
  return (request, reply, done) => {
    const { raw } = request;
    const { headers } = raw;
    const context = newGatewayContext(request, o);
    setGatewayContext(request, context);
    const finish: HookCallback = (error) => {
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
        context.added.push(...preflightHeaders(headerValue(headers['access-control-request-headers'])));
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

function identify(request: FastifyRequest, context: GatewayContext, o: IngressOptions, done: HookCallback): void {
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
  const problem = crossSiteProblem(request, context, credential, o);
  if (problem !== undefined) {
    done(problem);
    return;
  }
  const { key } = context.credential;
  const known = tokens.find(key, credential);
  if (known?.kind === 'known') {
    done(limitRate(o.limits.identity, known.caller.accountId, context, o) ?? adopt(request, context, known));
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
  if (known.kind === 'revoked') return new ProblemError('unauthenticated', 'The session has ended');
  // The shop's own files are for everybody: the page that sets up the second factor is made of them.
  if (known.kind === 'second-factor-missing' && context.path.startsWith('/api/')) {
    return new ProblemError(
      'second_factor_not_set_up',
      'Set up an authenticator app first, on the page of your account',
    );
  }
  if (known.kind !== 'known') return undefined;
  context.caller = known.caller;
  stateOf(request).identity = known.caller;
  context.known = known;
  context.authorization = `Bearer ${known.jwt}`;
  // The gateway's own routes are guarded in the same way as those of any service.
  if (context.route === undefined) request.raw.headers.authorization = context.authorization;
  return undefined;
}
