import type { Pool } from '@tradepost/postgres/pool';
import type { Logger } from 'pino';
import { readVatId, type VatId, type VatIdAnswer } from '../domain/vat-id.ts';
import { keepVatIdAnswer, removeVatIdAnswers, vatIdAnswerSince } from '../store/vat-id-checks.ts';
import type { VatIdChecker } from '../taxes/vat-id-checker.ts';

const DAY_MS = 24 * 3_600_000;
/** How long a register that has not answered is not asked again, so that not every quote waits for it. */
const REST_MS = 10_000;

/** Asks whether a VAT id is registered; null where nobody can say so now. `requester` is the VAT id of the shop. */
export type CheckVatId = (id: VatId, requester: string | null) => Promise<VatIdAnswer | null>;

/** For a shop that has no register to ask. */
export const noVatIdCheck: CheckVatId = async () => null;

/**
 * Asks the register, at most once a day about an id: its answers are kept in the database. Each member state has a register of its
 * own behind the one that is asked, so one that fails is left alone for a while, and the others are not.
 */
export function createVatIdCheck(
  { pool, now, log }: { pool: Pool; now: () => Date; log: Logger },
  checker: VatIdChecker,
): CheckVatId {
  const restUntil = new Map<string, number>();
  return async (id, requester) => {
    const at = now();
    const known = await vatIdAnswerSince(pool, id.value, new Date(at.getTime() - DAY_MS));
    if (known) return known;
    if (at.getTime() < (restUntil.get(id.country) ?? 0)) return null;
    try {
      const answer = await checker.check(id, requester === null ? null : readVatId(requester));
      await keepVatIdAnswer(pool, id.value, answer, at);
      return answer;
    } catch (err) {
      // The order is accepted all the same, with its taxes.
      log.warn({ err, memberState: id.country }, 'a VAT id could not be checked');
      restUntil.set(id.country, now().getTime() + REST_MS);
      return null;
    }
  };
}

/** Deletes answers that count no more. */
export const removeOldVatIdAnswers = (pool: Pool, now: Date): Promise<void> =>
  removeVatIdAnswers(pool, new Date(now.getTime() - DAY_MS));
