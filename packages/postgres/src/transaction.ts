import type pg from 'pg';
import type { Logger } from 'pino';
import type { ConnectionExecutor } from './connection-executor.ts';
import type { Statement, Tx } from './db.ts';
import { DatabaseUnavailable, isReusable } from './unavailable.ts';

export type TransactionOptions = {
  /** PostgreSQL's default is `read committed`. The stricter two fail with 40001 where they cannot hold: run it again. */
  isolation?: 'serializable' | 'repeatable read';
};

const commit: Statement = { text: 'commit' };
const rollback: Statement = { text: 'rollback' };

/**
 * Work in transactions is by key, in sets of a few: a plan for any such set is as good as one for just these rows, and planning
 * anew each time, which is what PostgreSQL prefers for short lists, costs more than the rows do.
 */
function begin({ isolation }: TransactionOptions): Statement {
  return {
    text: `begin${isolation ? ` isolation level ${isolation}` : ''}; set local plan_cache_mode = force_generic_plan`,
  };
}

/** Runs `work` in a transaction on a connection that the caller has acquired, and releases that connection. */
export async function runTransaction<T>(
  o: { client: pg.PoolClient; executor: ConnectionExecutor; log: Logger },
  work: (tx: Tx) => Promise<T>,
  options: TransactionOptions,
): Promise<T> {
  const { client, executor } = o;
  const afterCommit: (() => void)[] = [];
  let open = true;
  const tx: Tx = {
    tx: true,
    query: (statement) =>
      open
        ? executor.run(client, statement, false)
        : Promise.reject(new Error('A statement was sent to a transaction that had ended: an await is missing')),
    onCommit: (fn) => {
      afterCommit.push(fn);
    },
  };
  let result: T;
  try {
    await executor.run(client, begin(options), false);
    result = await work(tx);
    open = false;
  } catch (err) {
    open = false;
    await undo(client, executor);
    throw err;
  }
  await complete(client, executor);
  runAll(afterCommit, o.log);
  return result;
}

async function undo(client: pg.PoolClient, executor: ConnectionExecutor): Promise<void> {
  try {
    await executor.run(client, rollback, false);
    client.release(executor.isBroken(client));
  } catch {
    // Closing the connection rolls back as well; the error that led here is the one to report.
    client.release(true);
  }
}

async function complete(client: pg.PoolClient, executor: ConnectionExecutor): Promise<void> {
  let command: string;
  try {
    ({ command } = await executor.run(client, commit, true));
  } catch (err) {
    // A refusal by the server (a deferred constraint, a serialisation failure) means that it has rolled back.
    if (err instanceof Error && isReusable(err)) {
      client.release(executor.isBroken(client));
      throw err;
    }
    client.release(true);
    if (err instanceof DatabaseUnavailable) throw err;
    const lost = { cause: err, outcomeUnknown: true, connectionLost: true };
    throw new DatabaseUnavailable('The answer to a commit was lost', lost);
  }
  client.release(executor.isBroken(client));
  // PostgreSQL answers a commit after a failed statement with a rollback, and without an error.
  if (command !== 'COMMIT') throw new Error('Rolled back: a statement had failed and its error was not passed on');
}

function runAll(functions: readonly (() => void)[], log: Logger): void {
  for (const fn of functions) {
    try {
      fn();
    } catch (err) {
      log.error({ err }, 'an onCommit callback failed');
    }
  }
}
