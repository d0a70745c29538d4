import type pg from 'pg';
import type { Logger } from 'pino';
import type { ConnectionExecutor } from './connection-executor.ts';
import type { Result, Statement, Tx } from './db.ts';
import { StatementNotSent } from './statement-group.ts';
import { DatabaseUnavailable, isStatementError } from './unavailable.ts';

export type TransactionOptions = {
  /** PostgreSQL's default is `read committed`. The stricter two fail with 40001 where they cannot hold: run it again. */
  isolation?: 'serializable' | 'repeatable read';
};

const commit: Statement = { name: 'tx.commit', text: 'commit' };
const rollback: Statement = { text: 'rollback' };
const genericPlans: Statement = { name: 'tx.generic-plans', text: 'set local plan_cache_mode = force_generic_plan' };

/**
 * Work in transactions is by key, in sets of a few: a plan for any such set is as good as one for just these rows, and planning
 * anew each time, which is what PostgreSQL prefers for short lists, costs more than the rows do.
 */
function begin({ isolation }: TransactionOptions, plansGenerically: boolean): Statement[] {
  const first = isolation
    ? { name: `tx.begin ${isolation}`, text: `begin isolation level ${isolation}` }
    : { name: 'tx.begin', text: 'begin' };
  return plansGenerically ? [first] : [first, genericPlans];
}

type Connection = { client: pg.PoolClient; executor: ConnectionExecutor };

/** A transaction, and what is known of it. */
type OpenTransaction = {
  tx: Tx;
  /** Statements that go out with the next one: those of `begin`, then those that were queued. */
  unsent: Statement[];
  afterCommit: (() => void)[];
  writesOutbox: boolean;
  /** False once `work` is over. */
  isOpen: boolean;
  isSent: boolean;
  /** The first flight, while it is under way. Statements that come meanwhile wait: if `begin` fails, they must not run without it. */
  beginning: Promise<unknown> | undefined;
  /** Why the first flight failed. There may be no transaction then, so that a commit would say nothing. */
  failure: unknown;
};

/**
 * Runs `work` in a transaction on a connection that the caller has acquired, and releases that connection. `begin` goes out with the
 * first statement, and queued statements go out with the next one or with the commit (`statement-group.ts`).
 */
export async function runTransaction<T>(
  o: Connection & { log: Logger },
  work: (tx: Tx) => Promise<T>,
  options: TransactionOptions,
): Promise<T> {
  const open = openTransaction(o, options);
  let result: T;
  try {
    result = await work(open.tx);
    open.isOpen = false;
  } catch (err) {
    open.isOpen = false;
    await undo(o, open);
    throw err;
  }
  await complete(o, open);
  runAll(open.afterCommit, o.log);
  return result;
}

/** Runs statements in a transaction that takes one flight, on a connection that the caller has acquired, and releases that connection. */
export async function runTogether(o: Connection, statements: readonly Statement[]): Promise<Result<unknown>[]> {
  const open = openTransaction(o, {});
  open.unsent.push(...statements);
  open.isOpen = false;
  return (await complete(o, open)).slice(-statements.length);
}

function openTransaction({ client, executor }: Connection, options: TransactionOptions): OpenTransaction {
  async function send(statements: readonly Statement[]): Promise<Result<unknown>[]> {
    assertOpen(open);
    if (open.beginning) {
      await open.beginning;
      assertOpen(open);
    }
    const flight = executor.runGroup(client, [...open.unsent.splice(0), ...statements], false);
    const results = await (open.isSent ? flight : begun(open, flight));
    return results.slice(-statements.length);
  }
  const tx: Tx = {
    tx: true,
    hasEvents: () => open.writesOutbox,
    query: async <Row>(statement: Statement) => {
      noteOutboxWrites(open, [statement]);
      const goesAlone = open.isOpen && open.unsent.length === 0 && !open.beginning && !open.failure;
      if (goesAlone) return executor.run<Row>(client, statement, false);
      const [result] = await send([statement]);
      // as: `Row` is the caller's word for the columns.
      return result as Result<Row>;
    },
    // as: the caller's words for the columns, in the order of the statements.
    queryTogether: (...statements) => {
      noteOutboxWrites(open, statements);
      return send(statements) as Promise<never>;
    },
    queue: (statement) => {
      assertOpen(open);
      noteOutboxWrites(open, [statement]);
      open.unsent.push(statement);
    },
    onCommit: (fn) => {
      open.afterCommit.push(fn);
    },
  };
  const open: OpenTransaction = {
    ...{ tx, unsent: begin(options, executor.plansGenerically(client)), afterCommit: [], writesOutbox: false },
    ...{ isOpen: true, isSent: false, beginning: undefined, failure: undefined },
  };
  return open;
}

function noteOutboxWrites(open: OpenTransaction, statements: readonly Statement[]): void {
  if (statements.some(({ writesOutbox }) => writesOutbox)) open.writesOutbox = true;
}

function assertOpen({ isOpen, failure }: OpenTransaction): void {
  if (!isOpen) throw new Error('A statement was sent to a transaction that had ended: an await is missing');
  if (failure) throw failure;
}

/** Waits for the first flight, and has others wait for it. */
async function begun<T>(open: OpenTransaction, flight: Promise<T>): Promise<T> {
  open.isSent = true;
  open.beginning = flight;
  try {
    return await flight;
  } catch (err) {
    open.failure = err;
    throw err;
  } finally {
    open.beginning = undefined;
  }
}

async function undo({ client, executor }: Connection, open: OpenTransaction): Promise<void> {
  if (!open.isSent) {
    client.release();
    return;
  }
  try {
    await executor.run(client, rollback, false);
    client.release(executor.isBroken(client));
  } catch {
    // Closing the connection rolls back as well; the error that led here is the one to report.
    client.release(true);
  }
}

/** Commits, and answers the results of the statements that travel with the commit. */
async function complete(o: Connection, open: OpenTransaction): Promise<Result<unknown>[]> {
  const { client, executor } = o;
  // A statement that was not awaited may be on its way with `begin`.
  await open.beginning?.catch(() => undefined);
  if (open.failure) {
    await undo(o, open);
    throw new Error(SWALLOWED, { cause: open.failure });
  }
  let results: Result<unknown>[];
  try {
    results = await executor.runGroup(client, [...open.unsent, commit], true);
  } catch (err) {
    // The server has refused a queued statement or the commit (a deferred constraint, a conflict), or got only a part of them: nothing is committed.
    if (err instanceof StatementNotSent || (err instanceof Error && isStatementError(err))) {
      open.isSent = true;
      await undo(o, open);
      throw err;
    }
    client.release(true);
    if (err instanceof DatabaseUnavailable) throw err;
    const lost = { cause: err, outcomeUnknown: true, connectionLost: true };
    throw new DatabaseUnavailable('The answer to a commit was lost', lost);
  }
  client.release(executor.isBroken(client));
  // PostgreSQL answers a commit after a failed statement with a rollback, and without an error.
  if (results.pop()?.command !== 'COMMIT') throw new Error(SWALLOWED);
  return results;
}

const SWALLOWED = 'Rolled back: a statement had failed and its error was not passed on';

function runAll(functions: readonly (() => void)[], log: Logger): void {
  for (const fn of functions) {
    try {
      fn();
    } catch (err) {
      log.error({ err }, 'an onCommit callback failed');
    }
  }
}
