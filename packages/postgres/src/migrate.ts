import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import type { Logger } from 'pino';
import { type Migration, MigrationError, pendingMigrations, readMigrations } from './migration-files.ts';
import { tlsConfig } from './tls.ts';
import { isTransient } from './unavailable.ts';

export { dumpSchema } from './dump-schema.ts';

export type MigrateOptions = {
  url: string;
  /** As in `PoolOptions`. */
  ca?: string | undefined;
  /** The folder of `NNNN_name.sql`; `schema.sql` beside them is not one of them. */
  directory: URL;
  log: Logger;
  /** How long to wait for a database that is not there, or for another instance that is migrating; ten minutes. */
  waitMs?: number;
};

/** Any constant will do, as long as nothing else in these databases locks it. */
const ADVISORY_LOCK = '7305412891004410001';
/**
 * A new database answers before its login, its owner and its content are made: on Kubernetes, a Job makes them while the first pods
 * start. To give up here would restart the pod, with a longer pause each time.
 */
const NOT_SET_UP_YET = new Map([
  ['28P01', 'for its login to be made'], // invalid_password, which is also said of a role that does not exist
  ['28000', 'for its login to be made'], // invalid_authorization_specification: the role may not sign in yet
  ['3D000', 'to be created'], // invalid_catalog_name
]);
/** A migration that cannot get a lock soon would make everybody else queue behind it. */
const LOCK_TIMEOUT = '5s';

/**
 * Brings a database up to date and returns the names of the migrations that were applied. Each runs in a transaction of
 * its own together with its row in `schema_migration`, so an interrupted run is simply repeated; several instances may
 * do so at once, and all but one wait. Waits for a database that is not up yet, or whose login is not made yet.
 * Throws `MigrationError` if a file is misnamed, out of order, or differs from what was applied, or if one fails.
 */
export async function migrate(o: MigrateOptions): Promise<string[]> {
  const migrations = await readMigrations(o.directory);
  const deadline = Date.now() + (o.waitMs ?? 600_000);
  const applied: string[] = [];
  for (let attempt = 0; ; attempt++) {
    try {
      await migrateOnce(o, migrations, deadline, applied);
      return applied;
    } catch (err) {
      const setUp = err instanceof pg.DatabaseError ? NOT_SET_UP_YET.get(err.code ?? '') : undefined;
      if (!(isTransient(err) || setUp) || Date.now() > deadline) throw err;
      const delay = Math.min(200 * 2 ** attempt, 5000);
      o.log.warn({ err, retryInMs: delay }, `cannot migrate yet: waiting for the database ${setUp ?? 'to answer'}`);
      await sleep(delay);
    }
  }
}

async function migrateOnce(o: MigrateOptions, migrations: Migration[], deadline: number, applied: string[]) {
  const client = new pg.Client({
    connectionString: o.url,
    ...tlsConfig(o.ca),
    application_name: 'migrate',
    connectionTimeoutMillis: 5000,
    keepAlive: true,
    options: '-c timezone=UTC -c client_min_messages=warning',
  });
  // The statement that is running reports a lost connection; without a listener it would also end the process.
  client.on('error', () => {});
  await client.connect();
  try {
    await lock(client, o.log, deadline);
    await client.query(`create table if not exists schema_migration (
      name text primary key,
      checksum text not null,
      applied_at timestamptz not null default now()
    )`);
    const { rows } = await client.query<{ name: string; checksum: string }>(
      'select name, checksum from schema_migration order by name',
    );
    for (const migration of pendingMigrations(migrations, rows)) {
      await apply(client, migration);
      applied.push(migration.name);
      o.log.info({ migration: migration.name }, 'migration applied');
    }
  } finally {
    // Closing the connection gives the advisory lock back.
    await client.end().catch(() => {});
  }
}

async function lock(client: pg.Client, log: Logger, deadline: number): Promise<void> {
  await client.query(`set lock_timeout = '${LOCK_TIMEOUT}'`);
  const { rows } = await client.query<{ held: boolean }>('select pg_try_advisory_lock($1) as held', [ADVISORY_LOCK]);
  let held = rows[0]?.held === true;
  while (!held) {
    log.warn('waiting for another instance that migrates this database');
    try {
      await client.query('select pg_advisory_lock($1)', [ADVISORY_LOCK]);
      held = true;
    } catch (err) {
      if (!(err instanceof pg.DatabaseError && err.code === '55P03') || Date.now() > deadline) throw err;
    }
  }
}

async function apply(client: pg.Client, migration: Migration): Promise<void> {
  await client.query('begin');
  try {
    await client.query(migration.text);
    await client.query('insert into schema_migration (name, checksum) values ($1, $2)', [
      migration.name,
      migration.checksum,
    ]);
    await client.query('commit');
  } catch (err) {
    await client.query('rollback').catch(() => {});
    if (isTransient(err) || !(err instanceof Error)) throw err;
    throw new MigrationError(`${migration.name}${lineOf(err, migration.text)} failed: ${err.message}`, { cause: err });
  }
}

/** `:12` where PostgreSQL says at which character of the text the error is. */
function lineOf(err: Error, text: string): string {
  const position = err instanceof pg.DatabaseError ? Number(err.position) : Number.NaN;
  return Number.isNaN(position) ? '' : `:${text.slice(0, position).split('\n').length}`;
}
