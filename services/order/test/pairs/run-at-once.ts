import { ProblemError } from '@tradepost/contracts/problem-error';
import type { Pool } from '@tradepost/postgres/pool';
import { until } from '@tradepost/testing/until';

/** What became of an operation: it succeeded, it was refused with a code, or it failed, which a client would see as a 500. */
export type Outcome = 'done' | `refused: ${string}` | `failed: ${string}`;

/**
 * Runs two operations at once. With `lock`, a statement that locks the rows that both need, the first operation waits for that
 * lock, then the second one queues behind it, and then both are let go: each then decides on rows that changed while it waited.
 * Without `lock` both just start together.
 */
export async function runAtOnce(
  pool: Pool,
  [first, second]: readonly [() => Promise<unknown>, () => Promise<unknown>],
  lock?: { text: string; values: readonly unknown[] },
): Promise<[Outcome, Outcome]> {
  if (!lock) return Promise.all([outcomeOf(first()), outcomeOf(second())]);
  const running: Promise<Outcome>[] = [];
  let isWaiting = 0;
  await pool.transaction(async (tx) => {
    await tx.query(lock);
    for (const operation of [first, second]) {
      isWaiting++;
      running.push(outcomeOf(operation()).finally(() => isWaiting--));
      // An operation that is refused before it needs the rows is over by itself.
      await until(async () => (await blockedCount(pool)) >= isWaiting, { what: 'the operation to wait for the lock' });
    }
  });
  const [a, b] = await Promise.all(running);
  if (a === undefined || b === undefined) throw new Error('Two operations were started');
  return [a, b];
}

async function blockedCount(pool: Pool): Promise<number> {
  const { rows } = await pool.query<{ count: number }>({
    name: 'test.blocked',
    text: `select count(*)::int as count from pg_stat_activity
      where datname = current_database() and cardinality(pg_blocking_pids(pid)) > 0`,
  });
  return rows[0]?.count ?? 0;
}

async function outcomeOf(running: Promise<unknown>): Promise<Outcome> {
  try {
    await running;
    return 'done';
  } catch (err) {
    if (err instanceof ProblemError) return `refused: ${err.code}`;
    return `failed: ${err instanceof Error ? err.message : String(err)}`;
  }
}

/** Every pair of the table's entries, each with itself too. */
export function pairsOf<T>(items: readonly T[]): [T, T][] {
  return items.flatMap((first, i) => items.slice(i).map((second): [T, T] => [first, second]));
}

/** How often each pair runs: `PAIR_ROUNDS=200 npm test -- services/order/test/pairs` tries harder than the suite does. */
export const rounds = Number(process.env.PAIR_ROUNDS ?? 2);

/** To truncate costs about as much as a round does, and the checks after a round look through all that the ones before it have left. */
const ROUNDS_BETWEEN_TRUNCATIONS = 40;

/** What to call before each round, so that `tables` stay small however many rounds there are. */
export function truncateBetweenRounds(pool: () => Pool, tables: string): () => Promise<void> {
  let begun = 0;
  return async () => {
    if (begun++ % ROUNDS_BETWEEN_TRUNCATIONS === 0) await pool().query({ text: `truncate ${tables} cascade` });
  };
}
