import { routePermissionOf } from '@tradepost/runtime/route-permission';
import type { FastifyRequest } from 'fastify';
import { authenticateOperator } from '../actions/authenticate.ts';
import type { Context } from '../actions/context.ts';
import type { RequestContext } from './request-context.ts';

/** A request of any route. */
type AnyRequest = Pick<FastifyRequest, 'headers' | 'socket'> & {
  routeOptions: { method?: unknown; url?: string | undefined; config?: unknown };
};

/**
 * The operator who sends a request, by their own session, if they hold the permission that its route declares; throws
 * `unauthenticated` or `forbidden` for everybody else. Looked up once for each request.
 */
export type OperatorLookup = (request: AnyRequest) => Promise<{ id: string }>;

export function createOperatorLookup(ctx: Context, requests: RequestContext): OperatorLookup {
  const authenticated = new WeakMap<AnyRequest, ReturnType<typeof authenticateOperator>>();
  return async (request) => {
    const { url = '', config } = request.routeOptions;
    const declared = routePermissionOf({ method: 'ANY', url, config });
    if (!declared) throw new TypeError(`${url} declares no permission`);
    const known =
      authenticated.get(request) ?? authenticateOperator(ctx, requests.requester(request), declared.permission);
    authenticated.set(request, known);
    return (await known).account;
  };
}

/** For routes with a body: refuses everybody else before the body is read. */
export const onlyOperators = (operator: OperatorLookup) => async (request: AnyRequest) =>
  void (await operator(request));
