/**
 * Whether a request that is sent twice has the effect of one that is sent once, so that whoever lost its answer may send it
 * again (RFC 9110, section 9.2.2). `with-key`: only a request with an `Idempotency-Key` header.
 */
export type Idempotency = 'always' | 'with-key' | 'never';

/** The member of an OpenAPI operation that holds its `Idempotency`. Each route declares it; the gateway reads it. */
export const IDEMPOTENCY_EXTENSION = 'x-idempotency';

const safeMethods = new Set(['GET', 'HEAD', 'OPTIONS']);

/** True for the methods that change nothing by their definition (RFC 9110, section 9.2.1). */
export function isSafe(method: string): boolean {
  return safeMethods.has(method);
}

/** Tells whether one request to an operation of this idempotency may be sent again. */
export function isIdempotent(idempotency: Idempotency, idempotencyKey: string | undefined): boolean {
  return idempotency === 'always' || (idempotency === 'with-key' && (idempotencyKey ?? '').trim() !== '');
}
