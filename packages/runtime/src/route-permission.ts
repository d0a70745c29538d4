import { isSafe } from '@tradepost/contracts/idempotency';
import {
  hasPermission,
  isPermission,
  OPERATOR_PERMISSION_EXTENSION,
  PERMISSION_EXTENSION,
  type Permission,
} from '@tradepost/contracts/permissions';
import { ProblemError } from '@tradepost/contracts/problem-error';
import type { Identity } from './request-state.ts';

/**
 * What a route declares in its config about operators: `permission` where only they may use it, `operatorPermission` where customers and
 * sellers may use it for what is theirs, and operators for everything. The declaration is what is checked: the runtime refuses, or sets
 * `isOperator`, and a route that declares nothing treats an admin as anybody.
 */
export type RoutePermission = { permission: Permission; onlyOperators: boolean };

type Route = { method: string | string[]; url: string; config?: unknown };

/** Whether a path is for operators alone. What the gateway passes on, it matches by a wildcard; the service behind it checks. */
const isForOperators = (url: string): boolean =>
  (url.startsWith('/api/v1/admin/') || url.startsWith('/api/v1/auth/admin/')) && !url.endsWith('*');

/** Reads the declaration of a route. Throws for one that names no permission of ours, and for an operators' path without any. */
export function routePermissionOf({ method, url, config }: Route): RoutePermission | undefined {
  const declared = typeof config === 'object' && config !== null ? config : {};
  const only = 'permission' in declared ? declared.permission : undefined;
  const also = 'operatorPermission' in declared ? declared.operatorPermission : undefined;
  if (only === undefined && also === undefined) {
    if (!isForOperators(url)) return undefined;
    throw new TypeError(`${method} ${url} is for operators and must declare config.permission`);
  }
  if (only !== undefined && also !== undefined) {
    throw new TypeError(`${method} ${url} declares both config.permission and config.operatorPermission`);
  }
  const permission = only ?? also;
  if (!isPermission(permission)) throw new TypeError(`${method} ${url} declares no permission: ${String(permission)}`);
  return { permission, onlyOperators: only !== undefined };
}

/** Refuses an operator without a permission. */
export function lacksPermission(permission: Permission): ProblemError {
  return new ProblemError('forbidden', `Only an operator with the permission ${permission} may do this`);
}

/** Who asks, on a route with this declaration; the problem `forbidden` where it allows them nothing. */
export function identityFor(
  identity: Identity,
  method: string,
  route: RoutePermission | undefined,
): Identity | ProblemError {
  if (identity.readOnly && !isSafe(method)) return new ProblemError('forbidden', 'This API key may only read');
  if (!route) return identity;
  if (hasPermission(identity, route.permission)) return { ...identity, isOperator: true };
  if (route.onlyOperators) return lacksPermission(route.permission);
  return identity;
}

/** The declaration as members of the operation in OpenAPI. */
export function documentedPermission(route: Route): Record<string, Permission> {
  const declared = routePermissionOf(route);
  if (!declared) return {};
  return { [declared.onlyOperators ? PERMISSION_EXTENSION : OPERATOR_PERMISSION_EXTENSION]: declared.permission };
}
