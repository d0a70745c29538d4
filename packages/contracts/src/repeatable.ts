const safeMethods = new Set(['GET', 'HEAD', 'OPTIONS']);
const idempotentMethods = new Set([...safeMethods, 'PUT', 'DELETE']);

/**
 * POSTs that are repeatable by what they do: an order that is cancelled or delivered stays so, a cart becomes one order, and of two sessions that signing in
 * has begun the one whose token nobody was given is of no use to anybody.
 */
const repeatablePosts =
  /^\/api\/v1\/(?:orders\/[^/]+\/(?:cancel|deliver)|carts\/[^/]+\/checkout|auth\/sign-in\/email)$/;

/** Does this method, by its definition, change nothing? */
export function isSafe(method: string): boolean {
  return safeMethods.has(method);
}

/**
 * Whether doing a request twice is doing it once, so that whoever has lost its answer may ask again: by its method (RFC 9110,
 * section 9.2.2), for a POST by its `Idempotency-Key`, or by what stands at that path. `path` is without its query.
 */
export function isRepeatable(method: string, path: string, idempotencyKey: string | undefined): boolean {
  if (idempotentMethods.has(method)) return true;
  if (method !== 'POST') return false;
  return (idempotencyKey !== undefined && idempotencyKey !== '') || repeatablePosts.test(path);
}
