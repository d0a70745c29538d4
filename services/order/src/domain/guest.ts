import { createHmac, timingSafeEqual } from 'node:crypto';

/** The customer id of a guest: the same for each order with one e-mail address, and nobody can tell it from the address. */
export function guestCustomerId(secret: Buffer, email: string): string {
  const bytes = createHmac('sha256', secret).update(`guest ${email}`).digest().subarray(0, 16);
  // Version 8 of RFC 9562, section 5.8: the bits are the application's own.
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x80;
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  const hex = bytes.toString('hex');
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
}

/** What opens one order without an account; it is in the link that a guest is given. */
export const orderToken = (secret: Buffer, orderId: string): string =>
  createHmac('sha256', secret).update(`order ${orderId}`).digest('base64url');

/** Compares in constant time. */
export function isOrderToken(secret: Buffer, orderId: string, token: string): boolean {
  const expected = Buffer.from(orderToken(secret, orderId));
  const given = Buffer.from(token);
  return given.length === expected.length && timingSafeEqual(given, expected);
}
