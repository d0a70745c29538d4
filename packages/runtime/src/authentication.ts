import { ProblemError } from '@tradepost/contracts/problem-error';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { RouteAuth } from './identity.ts';
import { type Identity, stateOf } from './request-state.ts';
import { identityFor, type RoutePermission } from './route-permission.ts';
import type { TokenVerifier } from './token-verifier.ts';

const SCHEME = 'bearer ';
const B64TOKEN = /^[A-Za-z0-9._~+/-]+=*$/;

type Hook = (request: FastifyRequest, reply: FastifyReply, done: (err?: Error) => void) => void;

/**
 * The `onRequest` hook of a route that wants to know who asks. Only the bearer token counts (RFC 6750), never any
 * other header. A token that was checked before costs one look-up and no promise. Refuses with `forbidden` who does not hold the
 * permission that the route declares, before the body is read.
 */
export function authHook(
  verifier: TokenVerifier,
  auth: Exclude<RouteAuth, 'none'>,
  permission: RoutePermission | undefined,
): Hook {
  const identify = (request: FastifyRequest, identity: Identity): Error | undefined => {
    const allowed = identityFor(identity, request.method, permission);
    if (allowed instanceof Error) return allowed;
    stateOf(request).identity = allowed;
    return undefined;
  };
  return (request, _reply, done) => {
    const { authorization } = request.headers;
    if (authorization === undefined) {
      if (auth === 'optional') return done();
      return done(new ProblemError('unauthenticated', 'An access token is required: Authorization: Bearer <token>'));
    }
    const token = authorization.slice(SCHEME.length);
    if (authorization.slice(0, SCHEME.length).toLowerCase() !== SCHEME) return done(malformed());
    const known = verifier.known?.(token);
    if (known) return done(identify(request, known));
    if (!B64TOKEN.test(token)) return done(malformed());
    verifier.verify(token).then((identity) => done(identify(request, identity)), done);
  };
}

function malformed(): ProblemError {
  return new ProblemError('unauthenticated', 'The Authorization header must be: Bearer <token>');
}
