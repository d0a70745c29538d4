import { NO_BODY_LIMIT } from '@tradepost/contracts/body-limit';
import { ProblemError } from '@tradepost/contracts/problem-error';
import type { FastifyRequest, RouteOptions } from 'fastify';
import type { Logger } from 'pino';
import { authHook } from './authentication.ts';
import { conditionalHook } from './conditional.ts';
import { contentEncodingHook } from './content-encoding.ts';
import { idempotencyOf } from './idempotency.ts';
import { authOf } from './identity.ts';
import { closedBody } from './json-schema.ts';
import { stateOf } from './request-state.ts';
import { targetProblemOf } from './request-target.ts';
import { retryIdempotent } from './retry-idempotent.ts';
import { routePermissionOf } from './route-permission.ts';
import type { TokenVerifier } from './token-verifier.ts';

/** Parameters in the query of a URL. */
const MAX_QUERY_PARAMETERS = 100;

export type RouteHookOptions = {
  /** Of the service. */
  name: string;
  log: Logger;
  /** Without one, no route can ask for an identity. */
  verifier?: TokenVerifier | undefined;
};

/** Gives a route what all routes have: its hooks, the retry of its handler, and its limits. Throws for one without a way to check tokens. */
export function addRouteHooks(route: RouteOptions, { name, log, verifier }: RouteHookOptions): void {
  const { url } = route;
  const auth = authOf(route.config);
  if (auth !== 'none' && !verifier) {
    throw new TypeError(`${route.method} ${url} asks for an identity, but ${name} has no way to check tokens`);
  }
  const permission = routePermissionOf(route);
  const hooks = [recordRoute(url), ...(auth === 'none' || !verifier ? [] : [authHook(verifier, auth, permission)])];
  route.handler = retryIdempotent(route.handler, idempotencyOf(route), log);
  route.onRequest = [...hooks, ...[route.onRequest ?? []].flat()];
  route.onSend = [...[route.onSend ?? []].flat(), conditionalHook];
  route.preParsing = [contentEncodingHook(route.config), ...[route.preParsing ?? []].flat()];
  if (!route.schema?.body) route.bodyLimit ??= NO_BODY_LIMIT;
  if (route.schema?.body) route.schema = { ...route.schema, body: closedBody(route.schema.body) };
}

/**
 * Records the route's pattern; refuses a target that has no normal form, what no column of text can hold, and queries of too
 * many parameters.
 */
function recordRoute(url: string) {
  return (request: FastifyRequest, _reply: unknown, done: (err?: Error) => void): void => {
    stateOf(request).route = url;
    const problem = targetProblemOf(request.raw);
    if (problem !== undefined) done(problem);
    else if (request.url.includes('%00'))
      done(new ProblemError('malformed_request', 'The URL contains the character U+0000'));
    else if (hasTooManyParameters(request.url))
      done(new ProblemError('malformed_request', `The query has more than ${MAX_QUERY_PARAMETERS} parameters`));
    else done();
  };
}

function hasTooManyParameters(text: string): boolean {
  let count = 0;
  for (let at = text.indexOf('&'); at !== -1; at = text.indexOf('&', at + 1)) {
    if (++count >= MAX_QUERY_PARAMETERS) return true;
  }
  return false;
}
