import pg from 'pg';
import type { Result, Statement } from './db.ts';
import { columnTypes } from './types.ts';

/**
 * Pipelining: several statements go to the server in one flight and are answered in one, with a single point of synchronisation (Sync) at
 * their end. When one fails, the server skips those behind it. So a statement that goes out with `begin` runs in that transaction or
 * not at all, and a `commit` that goes out with the last write is not carried out when the write failed. (`pipeline: true` of pg sends a
 * Sync after each statement: what follows a failed `begin` would run outside a transaction.)
 *
 * In a transaction that is `read committed` each statement has its own snapshot, taken once the one before it is done. The limits of the
 * server (`statement_timeout`, `lock_timeout`) count for each statement, the wait for an answer for all of them. COPY is not possible.
 * Source: https://www.postgresql.org/docs/current/protocol-flow.html#PROTOCOL-FLOW-PIPELINING
 */
export type StatementGroup = {
  readonly statements: readonly Statement[];
};

/** A value of a statement cannot be written. The statement was not sent, nor were those behind it in its group. */
export class StatementNotSent extends Error {
  constructor(cause: Error) {
    super(`A statement could not be sent: ${cause.message}`, { cause });
    this.name = 'StatementNotSent';
  }
}

export type SettleGroup = (err: Error | null, results: Result<unknown>[]) => void;

/** What pg's own query does with the messages of one statement. `submit` sends Parse, Bind, Describe, Execute and Sync. */
type InnerQuery = {
  name?: string;
  text: string;
  callback: ((err: Error | null) => void) | undefined;
  _result: Result<unknown>;
  _canceledDueToError: Error | false;
  submit(connection: object): Error | null;
  handleRowDescription(message: unknown): void;
  handleDataRow(message: unknown): void;
  handleCommandComplete(message: unknown, connection: object): void;
};

/** The connection of a client, as far as it is used. */
type Wire = {
  parsedStatements: Record<string, string>;
  submittedNamedStatements: Record<string, string>;
  stream: { cork(): void; uncork(): void };
  sync(): void;
};

/**
 * Makes what `client.query(group, callback)` takes: pg calls these methods for the messages that the server answers with. The statements
 * are answered in their order; `at` is the one whose answer comes.
 */
// Long: the methods share the state of one group, as pg expects of an object
export function statementGroup(statements: readonly Statement[]): StatementGroup & pg.Submittable {
  const queries = statements.map((statement) => {
    const config = { ...statement, types: columnTypes, queryMode: 'extended' };
    // as: its types leave out what pg's client itself calls.
    return new pg.Query(config as unknown as pg.QueryConfig) as unknown as InnerQuery;
  });
  let at = 0;
  let sent = 0;
  let notSent: Error | undefined;
  const current = () => queries[at];
  const finish = (group: { callback?: SettleGroup }, err: Error | null) =>
    group.callback?.(err, err ? [] : queries.map((query) => query._result));

  return {
    statements,
    // pg remembers by name and text what the server has parsed.
    get name() {
      return current()?.name;
    },
    get text() {
      return current()?.text ?? '';
    },
    submit(connection: pg.Connection) {
      // as: its types leave these members out.
      const wire = connection as unknown as Wire;
      const withoutSync = Object.create(wire, { sync: { value: () => undefined } });
      wire.stream.cork();
      try {
        for (const query of queries) {
          query.callback = (err) => {
            notSent = err ?? undefined;
          };
          const refused = query.submit(withoutSync);
          notSent ??= refused ?? undefined;
          if (notSent) break;
          sent++;
        }
        wire.sync();
      } finally {
        wire.stream.uncork();
      }
      return null;
    },
    handleRowDescription: (message: unknown) => current()?.handleRowDescription(message),
    handleDataRow: (message: unknown) => current()?.handleDataRow(message),
    handleEmptyQuery: () => {
      at++;
    },
    handlePortalSuspended: () => undefined,
    handleCommandComplete(message: unknown, connection: object) {
      current()?.handleCommandComplete(message, connection);
      at++;
    },
    handleError(this: { callback?: SettleGroup }, err: Error, connection: Wire) {
      // The server has skipped the others: what they would have prepared is not there.
      for (const { name } of queries.slice(at, sent)) if (name) delete connection.submittedNamedStatements[name];
      finish(this, err);
    },
    handleReadyForQuery(this: { callback?: SettleGroup }) {
      // An answer that cannot be read, as a number that is too large.
      const unread = queries.find((query) => query._canceledDueToError)?._canceledDueToError;
      finish(this, notSent ? new StatementNotSent(notSent) : unread || null);
    },
    handleCopyInResponse: () => undefined,
    handleCopyData: () => undefined,
  } as StatementGroup & pg.Submittable;
}
