import { audit as compare } from '@tradepost/prove/audit/audit';
import type { SystemUnderAudit } from '@tradepost/prove/audit/system-under-audit';
import { waitUntilSettled } from '@tradepost/prove/audit/wait-until-settled';
import type { Answer } from '@tradepost/testing/shopper';
import { CONDITION_LIMIT_MS } from '@tradepost/testing/time-limits';
import { expect } from 'vitest';

/** Waits until every order is settled and every message has been handled, however slow the machine is. */
export async function settled(books: SystemUnderAudit): Promise<void> {
  const limits = { patienceMs: CONDITION_LIMIT_MS, timeoutMs: CONDITION_LIMIT_MS };
  expect(await waitUntilSettled(books, limits), 'what is left to do').toBe(0);
}

/**
 * Compares the books with what was promised: the orders that were answered 201 (or 200 again), and the units on hand
 * before the first of them, by SKU. Nothing is lost, doubled or oversold, and the money is right to the cent.
 */
export async function audit(
  books: SystemUnderAudit,
  promised: { accepted: readonly Answer[]; stock: ReadonlyMap<string, number> },
): Promise<void> {
  const accepted = new Set(promised.accepted.map((answer) => String(answer.body.id)));
  const findings = await compare(books, { accepted, stock: promised.stock });
  expect(findings.flatMap(({ problems }) => problems)).toEqual([]);
}
