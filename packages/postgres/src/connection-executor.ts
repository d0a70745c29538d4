import type pg from 'pg';
import type { Result, Statement } from './db.ts';
import { type SettleGroup, statementGroup } from './statement-group.ts';
import { DatabaseUnavailable, isReusable } from './unavailable.ts';

type Settle<Row> = (err: Error | null, result: Result<Row>) => void;

/**
 * How statements are sent over the connections of one pool. Connections that have failed are remembered here, because
 * pg reports a failed connection to an event and a failed statement to its callback.
 */
export type ConnectionExecutor = {
  /** To be called with each new connection. */
  watch(client: pg.ClientBase): void;
  /** Sends one statement, planned as it asks for; `settle` is called exactly once. */
  send<Row>(client: pg.Client, statement: Statement, settle: Settle<Row>): void;
  /** The same as a promise. `commits` says that a lost answer leaves the outcome open. */
  run<Row>(client: pg.Client, statement: Statement, commits: boolean): Promise<Result<Row>>;
  /** Sends statements in one flight (`statement-group.ts`). `commits` as above. */
  runGroup(client: pg.Client, statements: readonly Statement[], commits: boolean): Promise<Result<unknown>[]>;
  /** True for a connection whose session plans generically already. */
  plansGenerically(client: pg.Client): boolean;
  /** The error to throw for one that `send` reported. */
  explain(client: pg.Client, err: Error, statement: Statement, commits: boolean): Error;
  /** The database has shown that it is there. */
  recordAnswer(): void;
  /** When it did so last, and when it did so again after it had been silent, by `performance.now()`. */
  answeredAt(): number;
  resumedAt(): number;
  /** True for a connection that is to be closed rather than given to the next. */
  isBroken(client: pg.Client): boolean;
};

/** Answers that are further apart have a silence between them, or there was nothing to answer. */
const SILENCE_MS = 1000;

const planGenerically: Statement = { name: 'plan.generic', text: 'set plan_cache_mode = force_generic_plan' };
const planAsUsual: Statement = { name: 'plan.usual', text: 'set plan_cache_mode = auto' };

/** `answerTimeoutMs`: how long an answer may be missing before the connection is taken for dead; 0 waits for ever. */
// Long: the methods of one executor, on the same sets of failed connections
export function createConnectionExecutor(name: string, answerTimeoutMs: number): ConnectionExecutor {
  const failed = new WeakSet<pg.ClientBase>();
  const broken = new WeakSet<pg.ClientBase>();
  /** Connections whose session plans generically. */
  const generic = new WeakSet<pg.ClientBase>();
  let answeredAt = performance.now();
  let resumedAt = answeredAt;

  function recordAnswer(): void {
    const now = performance.now();
    if (now - answeredAt > SILENCE_MS) resumedAt = now;
    answeredAt = now;
  }

  /** Gives a query to pg, which calls back with its outcome; `settle` is called exactly once. */
  function watchAnswer<T>(
    client: pg.Client,
    submit: (callback: (err: Error | null, result?: T) => void) => void,
    settle: (err: Error | null, result: T | undefined) => void,
  ): void {
    let settled = false;
    // The server's own statement_timeout does not help when the network has gone silent.
    const timer = answerTimeoutMs > 0 ? setTimeout(cutOff, answerTimeoutMs, client) : undefined;
    const once = (err: Error | null, result?: T) => {
      // pg calls back twice for a value that cannot be serialised
      if (settled) return;
      settled = true;
      clearTimeout(timer);
      if (err && !isReusable(err)) broken.add(client);
      else recordAnswer();
      settle(err ?? null, result);
    };
    try {
      submit(once);
    } catch (err) {
      once(err instanceof Error ? err : new Error('The statement could not be sent', { cause: err }));
    }
  }

  function send<Row>(client: pg.Client, statement: Statement, settle: Settle<Row>): void {
    watchAnswer<pg.QueryResult>(
      client,
      // pg's types lack `readonly` values and ask for an overload per row mode; the config itself is what it takes.
      (callback) => client.query(statement as pg.QueryConfig, callback),
      (err, result) => {
        if (result) result.rowCount ??= 0;
        // `Row` is the caller's word for the columns; pg types rows as any.
        settle(err, result as Result<Row>);
      },
    );
  }

  /**
   * Changes how the session plans only where it has to; both statements take effect together or not at all. Statements without a name are
   * left out: some of them, such as VACUUM, must be alone.
   */
  function sendPlanned<Row>(client: pg.Client, statement: Statement, settle: Settle<Row>): void {
    const isGeneric = statement.genericPlan === true;
    if (statement.name === undefined || generic.has(client) === isGeneric) {
      send(client, statement, settle);
      return;
    }
    sendGroup(client, [isGeneric ? planGenerically : planAsUsual, statement], (err, results) => {
      if (!err) generic[isGeneric ? 'add' : 'delete'](client);
      // As in `send`.
      settle(err, results[1] as Result<Row>);
    });
  }

  function sendGroup(client: pg.Client, statements: readonly Statement[], settle: SettleGroup): void {
    watchAnswer<Result<unknown>[]>(
      client,
      // pg's types do not say that a query of one's own may come with a callback.
      (callback) => Reflect.apply(client.query, client, [statementGroup(statements), callback]),
      (err, results = []) => {
        for (const result of results) result.rowCount ??= 0;
        settle(err, results);
      },
    );
  }

  function explain(client: pg.Client, err: Error, statement: Statement, commits: boolean): Error {
    if (failed.has(client)) {
      return new DatabaseUnavailable(`The connection of ${name} to its database was lost`, {
        cause: err,
        outcomeUnknown: commits,
        connectionLost: true,
      });
    }
    // The stack of an error that came over the wire says nothing; which statement it was does.
    return Object.assign(err, { statement: statement.name ?? statement.text.slice(0, 200) });
  }

  return {
    watch: (client) => {
      // Without a listener a connection that breaks in the middle of a statement would end the process.
      client.on('error', () => failed.add(client));
    },
    send: sendPlanned,
    recordAnswer,
    answeredAt: () => answeredAt,
    resumedAt: () => resumedAt,
    explain,
    plansGenerically: (client) => generic.has(client),
    isBroken: (client) => broken.has(client) || failed.has(client),
    runGroup: (client, statements, commits) =>
      new Promise((resolve, reject) => {
        sendGroup(client, statements, (err, results) => {
          const name = statements.map((one) => one.name ?? one.text).join(' + ');
          if (err) reject(explain(client, err, { name, text: '' }, commits));
          else resolve(results);
        });
      }),
    run: <Row>(client: pg.Client, statement: Statement, commits: boolean) =>
      new Promise<Result<Row>>((resolve, reject) => {
        send<Row>(client, statement, (err, result) => {
          if (err) reject(explain(client, err, statement, commits));
          else resolve(result);
        });
      }),
  };
}

function cutOff(client: pg.Client): void {
  client.connection.stream.destroy(new Error('The database did not answer in time'));
}
