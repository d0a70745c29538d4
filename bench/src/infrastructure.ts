import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { startPostgres } from '@tradepost/postgres/embedded';
import { isRabbitInstalled, startPrivateRabbitCluster } from '@tradepost/testing/private-rabbit';
import pg from 'pg';
import { pino } from 'pino';
import { builtServices } from '../../images/built-services.ts';
import { cpuOf, cpuOfTree, descendantsNamed } from './processor.ts';
import { brokerTls, issueServerCertificate, switchTlsOn } from './tls.ts';

/** What the services stand on: one PostgreSQL server with a database for each service, and one RabbitMQ node or several. */
export type Infrastructure = {
  /** The folder of the run; see `scratch.ts`. */
  scratch: string;
  /** The bundles that `npm run build` makes; see `images/built-services.ts`. What others do with `dist/` meanwhile does not matter. */
  bundles: string;
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
  rabbit: { url: string; cpu(): number };
  /** The certificate authority of both; undefined: no TLS. */
  caFile: string | undefined;
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

/** `keep` is a folder whose databases are found again by the next run. */
export type InfrastructureOptions = { keep?: string | undefined; tls?: boolean; brokers?: number };

/** Starts both. */
export async function startInfrastructure(scratch: string, o: InfrastructureOptions = {}): Promise<Infrastructure> {
  if (!(await isRabbitInstalled())) throw new Error('RabbitMQ is not installed: apt-get install rabbitmq-server');
  const directory = o.keep === undefined ? path.join(scratch, 'postgres') : path.resolve(o.keep);
  await mkdir(directory, { recursive: true });
  const bundles = await builtServices();
  await using started = new AsyncDisposableStack();
  const certificate = o.tls ? await issueServerCertificate(scratch) : undefined;
  const server = started.adopt(await startPostgres({ directory, settings, log: pino({ level: 'fatal' }) }), (one) =>
    one.stop(),
  );
  const run = (database: string, text: string) => ask(server.url(database), text);
  await run('postgres', `alter system set pg_stat_statements.track = 'none'`);
  await run('postgres', 'alter system set ssl = off');
  if (certificate) await switchTlsOn((text) => run('postgres', text), certificate);
  await run('postgres', 'select pg_reload_conf()');
  const others = descendantsNamed(process.pid, 'beam.smp');
  const { nodes } = started.adopt(
    await startPrivateRabbitCluster(o.brokers ?? 1, certificate ? brokerTls(certificate) : []),
    (one) => one.stop(),
  );
  const brokers = descendantsNamed(process.pid, 'beam.smp').filter((pid) => !others.includes(pid));
  if (brokers.length !== nodes.length) throw new Error('The processes of RabbitMQ were not found');
  const postmaster = await postmasterOf(run);
  const running = started.move();
  return {
    scratch,
    bundles,
    postgres: {
      url: server.url,
      create: (database) => server.createDatabase(database),
      drop: async (database) => {
        await run('postgres', `drop database if exists ${pg.escapeIdentifier(database)} with (force)`);
      },
      cpu: () => cpuOfTree(postmaster),
      run,
    },
    rabbit: {
      url: `amqp://guest:guest@${nodes.map(({ port }) => `127.0.0.1:${port}`).join(',')}`,
      cpu: () => brokers.reduce((sum, pid) => sum + cpuOf(pid), 0),
    },
    caFile: certificate?.ca,
    stop: () => running.disposeAsync(),
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
