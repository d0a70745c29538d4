/**
 * A key that the service gives a row itself, in the place of an `Idempotency-Key`. It begins with a space, so no client can send it and meet
 * it: spaces around the value of a header are not part of it (RFC 9110, section 5.5). `order-erasures.ts` does the same in SQL.
 */
export const internalKey = (name: string): string => ` ${name}`;
