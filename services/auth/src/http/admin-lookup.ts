import type { FastifyRequest } from 'fastify';
import { authenticateAs } from '../actions/authenticate.ts';
import type { Context } from '../actions/context.ts';
import type { RequestContext } from './request-context.ts';

/** A request of any route. */
type AnyRequest = Pick<FastifyRequest, 'headers' | 'socket'>;

/** The admin who sends a request; throws `unauthenticated` or `forbidden` for everybody else. Looked up once for each request. */
export type AdminLookup = (request: AnyRequest) => Promise<{ id: string }>;

export function createAdminLookup(ctx: Context, requests: RequestContext): AdminLookup {
  const authenticated = new WeakMap<AnyRequest, ReturnType<typeof authenticateAs>>();
  return async (request) => {
    const known = authenticated.get(request) ?? authenticateAs(ctx, requests.requester(request), 'admin');
    authenticated.set(request, known);
    return (await known).account;
  };
}

/** For routes with a body: refuses everybody else before the body is read. */
export const onlyAdmins = (admin: AdminLookup) => async (request: AnyRequest) => void (await admin(request));
