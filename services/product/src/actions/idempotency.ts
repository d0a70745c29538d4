import { ProblemError } from '@tradepost/contracts/problem-error';
import type { Tx } from '@tradepost/postgres/db';
import { requestHash } from '@tradepost/runtime/request-hash';
import { claimKey } from '../store/idempotency.ts';

/** A request that may be sent again: whose, what for, its `Idempotency-Key` if it has one, and what was asked. */
export type IdempotentCreation = { accountId: string; scope: string; key: string | undefined; request: unknown };

/**
 * Notes that the request makes the resource, and returns undefined; or the id of what the same request has made before.
 * Refuses a key that was used for another request.
 */
export async function findIdempotentResult(
  tx: Tx,
  { accountId, scope, key, request }: IdempotentCreation,
  making: { resourceId: string; now: Date },
): Promise<string | undefined> {
  if (key === undefined) return undefined;
  const hash = requestHash(request);
  const earlier = await claimKey(tx, { accountId, scope, key, hash }, making);
  if (!earlier) return undefined;
  if (earlier.hash.equals(hash)) return earlier.resourceId;
  throw new ProblemError('idempotency_key_reused', 'The Idempotency-Key was used with another request', {
    errors: [{ field: 'Idempotency-Key', message: 'send a new one with a new request' }],
  });
}
