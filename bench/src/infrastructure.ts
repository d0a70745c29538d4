import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { startPostgres } from '@tradepost/postgres/embedded';
import { isRabbitInstalled, startPrivateRabbit } from '@tradepost/testing/private-rabbit';
import pg from 'pg';
import { pino } from 'pino';
import { cpuOf, cpuOfTree, descendantNamed, memoryOf } from './processor.ts';

/** What the services stand on: one PostgreSQL server with a database for each service, and one RabbitMQ node. */
export type Infrastructure = {
  /** The folder of the run; see `scratch.ts`. */
  scratch: string;
  postgres: {
    url(database: string): string;
    /** Makes a database; false if there is one of that name. */
    create(database: string): Promise<boolean>;
    drop(database: string): Promise<void>;
    /** Milliseconds that the server and all of its backends have used. */
    cpu(): number;
    /** Runs one statement as the superuser. */
    run(database: string, text: string): Promise<pg.QueryResult>;
  };
  rabbit: { url: string; cpu(): number; memory(): number };
  stop(): Promise<void>;
};

/** Beyond the defaults of the embedded server, which flushes to disk at every commit: room for large tables in memory. */
const settings = {
  max_connections: '200',
  shared_buffers: '1GB',
  effective_cache_size: '4GB',
  max_wal_size: '4GB',
  maintenance_work_mem: '512MB',
  // Counts statements while it is told to, and costs nothing otherwise.
  shared_preload_libraries: 'pg_stat_statements',
};

/** Starts both. `keep` is a folder whose databases are found again by the next run. */
export async function startInfrastructure(scratch: string, keep: string | undefined): Promise<Infrastructure> {
  if (!(await isRabbitInstalled())) throw new Error('RabbitMQ is not installed: apt-get install rabbitmq-server');
  const directory = keep === undefined ? path.join(scratch, 'postgres') : path.resolve(keep);
  await mkdir(directory, { recursive: true });
  const server = await startPostgres({ directory, settings, log: pino({ level: 'fatal' }) });
  const rabbit = await startPrivateRabbit().catch(async (error) => {
    await server.stop();
    throw error;
  });
  const run = (database: string, text: string) => ask(server.url(database), text);
  await run('postgres', `alter system set pg_stat_statements.track = 'none'`);
  await run('postgres', 'select pg_reload_conf()');
  const postmaster = await postmasterOf(run);
  const broker = descendantNamed(process.pid, 'beam.smp');
  if (broker === undefined) throw new Error('The process of RabbitMQ was not found');
  return {
    scratch,
    postgres: {
      url: server.url,
      create: (database) => server.createDatabase(database),
      drop: async (database) => {
        await run('postgres', `drop database if exists ${pg.escapeIdentifier(database)} with (force)`);
      },
      cpu: () => cpuOfTree(postmaster),
      run,
    },
    rabbit: { url: rabbit.url, cpu: () => cpuOf(broker), memory: () => memoryOf(broker) },
    stop: async () => {
      await rabbit.stop();
      await server.stop();
    },
  };
}

/** The process that all backends are children of: the first line of its own file says so. */
async function postmasterOf(run: (database: string, text: string) => Promise<pg.QueryResult>): Promise<number> {
  const { rows } = await run('postgres', `select split_part(pg_read_file('postmaster.pid'), e'\\n', 1) as pid`);
  return Number(rows[0]?.pid);
}

async function ask(url: string, text: string): Promise<pg.QueryResult> {
  const client = new pg.Client({ connectionString: url, application_name: 'bench' });
  client.on('error', () => {});
  await client.connect();
  try {
    return await client.query(text);
  } finally {
    await client.end();
  }
}
