import { createHash, randomBytes } from 'node:crypto';
import { migrate } from '@tradepost/postgres/migrate';
import { readMigrations } from '@tradepost/postgres/migration-files';
import { createPool, type Pool } from '@tradepost/postgres/pool';
import pg from 'pg';
import { type Logger, pino } from 'pino';
import { sharedResource } from './shared-resources.ts';
import { poolLimitsForSlowMachines } from './time-limits.ts';

/** A database of a test file's own. */
export type TestDatabase = {
  url: string;
  pool: Pool;
  /** Closes the pool and drops the database, whoever is still connected. */
  drop(): Promise<void>;
};

const silent: Logger = pino({ level: 'silent' });

/**
 * A migrated database for one test file, with a pool on it: a copy of a template that the first file to need these
 * migrations makes, so it costs milliseconds. Call `drop` in `afterAll`.
 */
export async function testDatabase(migrations: URL): Promise<TestDatabase> {
  const server = await sharedResource('postgres');
  const template = await templateOf(server, migrations);
  return openTestDatabase(server, template);
}

/** The same without migrations: an empty database. */
export async function emptyDatabase(): Promise<TestDatabase> {
  return openTestDatabase(await sharedResource('postgres'), undefined);
}

async function openTestDatabase(server: string, template: string | undefined): Promise<TestDatabase> {
  const name = `test_${randomBytes(8).toString('hex')}`;
  // Copying files is the faster way for a small template on a server that does not flush.
  const copy = template === undefined ? '' : `template ${template} strategy file_copy`;
  await withClient(server, (client) => client.query(`create database ${name} ${copy}`));
  const url = databaseUrl(server, name);
  const pool = createPool({ url, name: 'test', log: silent, ...poolLimitsForSlowMachines });
  return {
    url,
    pool,
    drop: async () => {
      await pool.end();
      await withClient(server, (client) => client.query(`drop database if exists ${name} with (force)`));
    },
  };
}

/** The name of the template for these migrations, made if need be. It is renamed to this name only once it is complete. */
async function templateOf(server: string, migrations: URL): Promise<string> {
  const hash = createHash('sha256');
  for (const { name, checksum } of await readMigrations(migrations)) hash.update(`${name} ${checksum}\n`);
  const name = `template_${hash.digest('hex').slice(0, 16)}`;
  await withClient(server, async (client) => {
    // Test files run side by side: the first to come makes the template, and the others wait for it here.
    await client.query('select pg_advisory_lock(hashtextextended($1, 0))', [name]);
    const { rows } = await client.query('select from pg_database where datname = $1', [name]);
    if (rows.length > 0) return;
    await client.query(`drop database if exists ${name}_new with (force)`);
    await client.query(`create database ${name}_new`);
    await migrate({ url: databaseUrl(server, `${name}_new`), directory: migrations, log: silent });
    await client.query(`alter database ${name}_new rename to ${name}`);
  });
  return name;
}

function databaseUrl(server: string, name: string): string {
  const url = new URL(server);
  url.pathname = `/${name}`;
  return url.href;
}

async function withClient<T>(url: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: url, application_name: 'test' });
  client.on('error', () => {});
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}
