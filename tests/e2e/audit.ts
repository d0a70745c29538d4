import { audit as compare } from '@tradepost/prove/audit/audit';
import type { Books } from '@tradepost/prove/audit/books';
import { untilSettled } from '@tradepost/prove/audit/settle';
import type { Answer } from '@tradepost/testing/shopper';
import { expect } from 'vitest';

/** Waits until every order is settled and every message has been handled, with the timeout that outages may need. */
export async function settled(books: Books, timeoutMs = 90_000): Promise<void> {
  expect(await untilSettled(books, { patienceMs: timeoutMs, timeoutMs }), 'what is left to do').toBe(0);
}

/**
 * Compares the books with what was promised: the orders that were answered 201 (or 200 again), and the units on hand
 * before the first of them, by SKU. Nothing is lost, doubled or oversold, and the money is right to the cent.
 */
export async function audit(
  books: Books,
  promised: { accepted: readonly Answer[]; stock: ReadonlyMap<string, number> },
): Promise<void> {
  const accepted = new Set(promised.accepted.map((answer) => String(answer.body.id)));
  const findings = await compare(books, { accepted, stock: promised.stock });
  expect(findings.flatMap(({ problems }) => problems)).toEqual([]);
}
