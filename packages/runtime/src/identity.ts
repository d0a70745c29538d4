import { ProblemError } from '@tradepost/contracts/problem-error';
import type { Role } from '@tradepost/contracts/roles';
import { type AnyRequest, type Identity, stateOf } from './request-state.ts';

export type { Identity } from './request-state.ts';

/**
 * What a route asks of the bearer token, as `config: { auth: … }`. `required` is the default; `optional` accepts no
 * token, but refuses a bad one; `none` does not look at it.
 */
export type RouteAuth = 'required' | 'optional' | 'none';

/** Who asks; throws `unauthenticated` when nobody has been identified. */
export function requireIdentity(request: AnyRequest): Identity {
  const { identity } = stateOf(request);
  if (!identity)
    throw new ProblemError('unauthenticated', 'An access token is required: Authorization: Bearer <token>');
  return identity;
}

/** Who asks, or undefined on a route that may be used without a token. */
export function optionalIdentity(request: AnyRequest): Identity | undefined {
  return stateOf(request).identity;
}

/**
 * Who asks, if it is one of these roles, or an operator with the permission that the route declares as `operatorPermission`; throws
 * `unauthenticated` or `forbidden`.
 */
export function requireRole(request: AnyRequest, ...roles: Role[]): Identity {
  const identity = requireIdentity(request);
  if (!identity.isOperator && !roles.includes(identity.role)) {
    throw new ProblemError(
      'forbidden',
      `Only ${[...roles, 'an operator with the permission'].join(' or ')} may do this`,
    );
  }
  return identity;
}

/**
 * An `onRequest` hook for routes that only some roles, and operators, may use. It refuses the others before the body is read and checked,
 * which costs much more than the refusal. The handler calls `requireRole` all the same, to know who asks.
 */
export function onlyRoles(...roles: Role[]) {
  return (request: AnyRequest, _reply: unknown, done: (error?: Error) => void): void => {
    try {
      requireRole(request, ...roles);
      done();
    } catch (error) {
      done(error instanceof Error ? error : new TypeError('The role could not be checked', { cause: error }));
    }
  };
}

/** Reads `auth` of a route's config. Throws if it is none of the three. */
export function authOf(config: unknown): RouteAuth {
  const auth = typeof config === 'object' && config !== null && 'auth' in config ? config.auth : 'required';
  if (auth === 'required' || auth === 'optional' || auth === 'none') return auth;
  throw new TypeError(`A route's config.auth is required, optional or none, not ${String(auth)}`);
}
