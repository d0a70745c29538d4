import { ProblemError } from '@tradepost/contracts/problem-error';

/** The `Idempotency-Key` of a request that creates or charges; without one it is refused. */
export function idempotencyKey(headers: { 'idempotency-key'?: string }): string {
  const key = headers['idempotency-key']?.trim();
  if (key) return key;
  const message = 'send a new random value for each new order, and the same one when you ask again';
  throw new ProblemError('idempotency_key_required', `The Idempotency-Key header is missing: ${message}`, {
    errors: [{ field: 'Idempotency-Key', message }],
  });
}

/** The most seconds that an answer is held back. */
const MAX_WAIT = 30;

/** The seconds of `Prefer: wait=N`, at most 30; 0 without. Source: https://www.rfc-editor.org/rfc/rfc7240#section-4.3 */
export function waitSeconds(prefer: string | undefined): number {
  const wait = /(?:^|[\s,;])wait\s*=\s*"?(\d{1,6})"?/i.exec(prefer ?? '')?.[1];
  return wait === undefined ? 0 : Math.min(Number(wait), MAX_WAIT);
}
