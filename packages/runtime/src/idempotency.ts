import { type Idempotency, isSafe } from '@tradepost/contracts/idempotency';

/**
 * Reads the idempotency that a route declares as `config: { idempotent: … }`: `true` where a second request changes nothing that anybody
 * relies on and its answer does not mislead, `'key'` where the handler reads `Idempotency-Key`, `false` where neither holds. GET, HEAD and OPTIONS have it by their definition. Throws a TypeError for any other
 * method whose route does not declare it: to guess it from the method or from a header runs requests twice that must not be.
 */
export function idempotencyOf(route: { method: string | string[]; url: string; config?: unknown }): Idempotency {
  const { config } = route;
  const declared =
    typeof config === 'object' && config !== null && 'idempotent' in config ? config.idempotent : undefined;
  if (declared === true) return 'always';
  if (declared === 'key') return 'with-key';
  if (declared === false) return 'never';
  if (declared === undefined && [route.method].flat().every(isSafe)) return 'always';
  throw new TypeError(`${route.method} ${route.url} must declare config.idempotent: true, false or 'key'`);
}
