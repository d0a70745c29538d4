import pg from 'pg';
import type { Logger } from 'pino';
import { createConnectionExecutor } from './connection-executor.ts';
import type { Db, Result, Statement, Tx } from './db.ts';
import { connectDedicated, type DedicatedClient } from './dedicated.ts';
import { createRecoveryQueue } from './recovery-queue.ts';
import { tlsConfig } from './tls.ts';
import { runTogether, runTransaction, type TransactionOptions } from './transaction.ts';
import { columnTypes } from './types.ts';
import { DatabaseUnavailable, isTransient, isUnfinishedConnect } from './unavailable.ts';

export { isConnectionLost, isTransient } from './unavailable.ts';

export type PoolOptions = {
  /** `postgres://user:password@host:port/database`, with `sslmode` and the like in the query. */
  url: string;
  /** PEM of the certificate authority. With it, connections are made by TLS alone, and the server's certificate must name the host of `url`. */
  ca?: string | undefined;
  /** Whose pool it is, as `application_name` in PostgreSQL's own views and logs. */
  name: string;
  /** Connections at most; 10. */
  max?: number;
  /** How long a statement may run; 5000. Work that needs longer gets a pool of its own. 0 is no limit. */
  statementTimeoutMs?: number;
  /** How long a statement may wait for a lock; 2000. */
  lockTimeoutMs?: number;
  /** How long a transaction may lie idle before the server ends it; 10,000. */
  idleInTransactionTimeoutMs?: number;
  /** How long to wait for a new connection, or for a free one when all are in use; 3000. */
  connectTimeoutMs?: number;
  /** How long a statement waits for a database that cannot be reached, which may only be restarting; 9000. */
  recoveryWaitMs?: number;
  /** How many statements and transactions may wait for such a database; 250. More are refused at once. */
  maxRecoveryWaiting?: number;
  log: Logger;
};

/** Connections to one database. It outlives the database's restarts: lost connections are replaced when next needed. */
export type Pool = Db & {
  readonly name: string;
  /** For libraries that insist on a `pg.Pool`; its errors are not translated. */
  readonly raw: pg.Pool;
  /**
   * Runs `work` in a transaction: commits what it did when it resolves, rolls back when it throws, and throws that.
   * When the connection is lost during the commit, throws `DatabaseUnavailable` with `outcomeUnknown`.
   */
  transaction<T>(work: (tx: Tx) => Promise<T>, options?: TransactionOptions): Promise<T>;
  /**
   * A transaction in one round trip (pipelining): `begin`, these statements and `commit`. They run one after the other, each on a snapshot of its own, and
   * take effect together or not at all. Answers their results. When the connection is lost, throws `DatabaseUnavailable` with `outcomeUnknown`.
   */
  queryTogether: Tx['queryTogether'];
  /** A new connection outside the pool, for LISTEN and session advisory locks. */
  dedicated(): Promise<DedicatedClient>;
  /**
   * `waitedMs` is how long whoever was last given a connection had waited for it; `queuedMs` how long it has been since nobody
   * had to wait, or since the database answered again after it had been unreachable or silent: what waits for that is not a sign
   * of load. `recovering` is how many wait for a database that cannot be reached; `waiting` does not count them.
   */
  stats(): PoolStats;
  /** Throws unless the database answers. */
  ping(): Promise<void>;
  /** Waits for what is running, then closes; may be called again. */
  end(): Promise<void>;
};

export type PoolStats = {
  total: number;
  idle: number;
  waiting: number;
  recovering: number;
  waitedMs: number;
  queuedMs: number;
};

type ConnectionCallback = (refused: Error | undefined, client: pg.PoolClient | undefined) => void;

/** How much longer than the server's own limit to wait for an answer before the connection is taken for dead. */
const ANSWER_MARGIN_MS = 3000;
/** A database that answers nothing on any connection for so long, while statements wait, is silent and not busy. */
const SILENT_MS = 1000;

/** Makes a pool; connects when first used. Errors are those of `Db.query`, and `isTransient` tells which may pass. */
// Long: the methods of one pool; the hot path takes its state from this scope, without an object in between
export function createPool(o: PoolOptions): Pool {
  const { name, log } = o;
  const statementTimeoutMs = o.statementTimeoutMs ?? 5000;
  const executor = createConnectionExecutor(name, statementTimeoutMs > 0 ? statementTimeoutMs + ANSWER_MARGIN_MS : 0);
  const config = clientConfig(o, statementTimeoutMs);
  const raw = new pg.Pool({
    ...config,
    max: o.max ?? 10,
    // A connection costs a process on the server to open: keep it through a lull, but renew it now and then, so that
    // what a backend has cached does not grow for ever and connections spread over servers that were added.
    idleTimeoutMillis: 60_000,
    maxLifetimeSeconds: 3600,
  });
  const maxWaiting = o.maxRecoveryWaiting ?? 250;
  const recovery = createRecoveryQueue({
    maxWaitMs: o.recoveryWaitMs ?? 9000,
    maxWaiting,
    probe: (done) =>
      raw.connect((err, client) => {
        client?.release();
        done(client ? undefined : (err ?? new Error('No connection')));
      }),
  });
  raw.on('connect', (client) => {
    executor.watch(client);
    executor.recordAnswer();
    recovery.connected();
  });
  raw.on('error', (err) => log.warn({ err, pool: name }, 'an idle connection to the database was lost'));
  const unavailable = (err: Error) =>
    new DatabaseUnavailable(`${name} gets no connection to its database`, { cause: err, outcomeUnknown: false });

  let waitedMs = 0;
  let emptyAt = performance.now();
  const isSilent = (now: number) => raw.waitingCount > 0 && now - Math.max(emptyAt, executor.answeredAt()) > SILENT_MS;

  /** Gives a connection, or says why not. Called for every statement: it makes no promise. `since`: of the first attempt. */
  function acquire(done: ConnectionCallback, since = performance.now()): void {
    const askedAt = performance.now();
    const wait = (error: Error | undefined) =>
      recovery.wait({ error, since, resume: () => acquire(done, since), giveUp: (err) => done(err, undefined) });
    if (recovery.isWaiting()) {
      wait(undefined);
      return;
    }
    if (raw.waitingCount === 0) emptyAt = askedAt;
    else if (raw.waitingCount >= maxWaiting && isSilent(askedAt)) {
      done(new Error('Too many statements wait for a database that is silent'), undefined);
      return;
    }
    raw.connect((refused, client) => {
      const now = performance.now();
      if (client) {
        waitedMs = now - askedAt;
        if (raw.waitingCount === 0) emptyAt = now;
        done(undefined, client);
        return;
      }
      const error = refused ?? new Error('No connection');
      // A caller that waited in vain for a free connection waited for a busy database, unless the database answers no connection.
      const isUnavailable =
        isTransient(error) || (isUnfinishedConnect(error) && now - executor.answeredAt() > SILENT_MS);
      if (isUnavailable) wait(error);
      else done(error, undefined);
    });
  }

  /** The hot path: one promise, nothing around pg's own callbacks, and a failed statement does not cost a connection. */
  const query = <Row>(statement: Statement): Promise<Result<Row>> =>
    new Promise((resolve, reject) => {
      acquire((refused, client) => {
        if (!client) return reject(unavailable(refused ?? new Error('No connection')));
        executor.send<Row>(client, statement, (err, result) => {
          client.release(err !== null && executor.isBroken(client));
          if (err) reject(executor.explain(client, err, statement, true));
          else resolve(result);
        });
      });
    });

  const connect = (): Promise<pg.PoolClient> =>
    new Promise((resolve, reject) => {
      acquire((refused, client) =>
        client ? resolve(client) : reject(unavailable(refused ?? new Error('No connection'))),
      );
    });

  let ending: Promise<void> | undefined;
  return {
    name,
    raw,
    query,
    transaction: async (work, options = {}) => {
      const client = await connect();
      return runTransaction({ client, executor, log }, work, options);
    },
    queryTogether: async (...statements) => {
      const client = await connect();
      // as: the caller's words for the columns, in the order of the statements.
      return (await runTogether({ client, executor }, statements)) as never;
    },
    dedicated: () => connectDedicated(name, { ...config, application_name: `${name} (session)` }, executor),
    stats: () => {
      const { totalCount: total, idleCount: idle, waitingCount: waiting } = raw;
      const now = performance.now();
      const queuedMs = waiting === 0 || isSilent(now) ? 0 : now - Math.max(emptyAt, executor.resumedAt());
      return { total, idle, waiting, recovering: recovery.size(), waitedMs, queuedMs };
    },
    ping: async () => {
      // The caller gets the error at once, not when the wait is over.
      const client = await raw.connect().catch((err) => Promise.reject(unavailable(err)));
      try {
        await executor.run(client, { name: 'pool.ping', text: 'select 1' }, false);
      } finally {
        client.release(executor.isBroken(client));
      }
    },
    end: () => {
      ending ??= raw.end();
      return ending;
    },
  };
}

function clientConfig(o: PoolOptions, statementTimeoutMs: number): pg.ClientConfig {
  return {
    connectionString: o.url,
    ...tlsConfig(o.ca),
    application_name: o.name,
    statement_timeout: statementTimeoutMs,
    lock_timeout: o.lockTimeoutMs ?? 2000,
    idle_in_transaction_session_timeout: o.idleInTransactionTimeoutMs ?? 10_000,
    connectionTimeoutMillis: o.connectTimeoutMs ?? 3000,
    keepAlive: true,
    keepAliveInitialDelayMillis: 10_000,
    // The server, too, looks whether its client is still there, so that a lock does not outlive a lost machine.
    options: '-c timezone=UTC -c tcp_keepalives_idle=10 -c tcp_keepalives_interval=5 -c tcp_keepalives_count=3',
    types: columnTypes,
  };
}
