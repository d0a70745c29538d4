import { setTimeout as sleep } from 'node:timers/promises';
import { type ServiceName, serviceNames } from '../../images/built-services.ts';
import { closedLoop } from './closed-loop.ts';
import type { BenchmarkContext } from './context.ts';

/** What can be counted. */
export const countedKinds = ['purchase', 'cartPurchase'] as const;
export type CountedKind = (typeof countedKinds)[number];

/** A statement of one of the databases, for each purchase. */
export type StatementCount = {
  service: ServiceName;
  /** The beginning of its text. */
  text: string;
  calls: number;
  rows: number;
  walRecords: number;
  /** Milliseconds that it ran, locks and waiting for other processes included. */
  executionMs: number;
};

/** What one purchase has PostgreSQL do, in all databases together. */
export type PurchaseCounts = {
  /** Missing in results of earlier versions: `purchase`. */
  kind?: CountedKind;
  connections: number;
  /** How many were counted. */
  purchases: number;
  /** Without begin and commit: they are prepared statements, of which pg_stat_statements counts the first alone. */
  statements: number;
  commits: number;
  /** Flushes of the write-ahead log: concurrent commits share one. */
  walFlushes: number;
  walRecords: number;
  walBytes: number;
  /** Of the bytes, those of whole pages: the first change of a page after a checkpoint writes all of it. */
  walBytesOfPages: number;
  byService: Partial<Record<ServiceName, { statements: number; walRecords: number; walBytes: number }>>;
  /** Those that run most often, most records first. Missing in results of earlier versions. */
  byStatement?: StatementCount[];
};

/** Backends report what they did at the latest so long afterwards (PGSTAT_IDLE_INTERVAL in pgstat.c), so one waits for a moment longer. */
const REPORTED_AFTER_MS = 11_000;

/** Counts without what the services do anyway, once a second and the like: that is measured before, and subtracted. */
export async function countPurchases(
  context: BenchmarkContext,
  kind: CountedKind,
  { connections, durationMs }: { connections: number; durationMs: number },
): Promise<PurchaseCounts> {
  const { postgres } = context.infrastructure;
  const track = async (what: 'top' | 'none') => {
    await postgres.run('postgres', `alter system set pg_stat_statements.track = '${what}'`);
    await postgres.run('postgres', 'select pg_reload_conf()');
  };
  await postgres.run('postgres', 'create extension if not exists pg_stat_statements');
  await sleep(REPORTED_AFTER_MS);
  const start = await readTotals(context);
  await sleep(REPORTED_AFTER_MS);
  const before = await readTotals(context);
  await postgres.run('postgres', 'select pg_stat_statements_reset()');
  await track('top');
  const load = { origin: context.deployment.gatewayUrl, connections, operation: context.shop[kind] };
  const { operations } = await closedLoop(load, durationMs);
  await context.shop.settled();
  await track('none');
  const byService = await readServices(context);
  const byStatement = await readStatements(context, operations);
  await sleep(REPORTED_AFTER_MS);
  const after = await readTotals(context);
  const each = (name: Exclude<keyof Totals, 'at'>) => {
    const atRest = (before[name] - start[name]) / (before.at - start.at);
    return Math.max(0, after[name] - before[name] - atRest * (after.at - before.at)) / operations;
  };
  const perPurchase = byService.map(({ service, statements, walRecords, walBytes }) => [
    service,
    { statements: statements / operations, walRecords: walRecords / operations, walBytes: walBytes / operations },
  ]);
  const sum = (pick: (one: ServiceCounts) => number) => byService.reduce((total, one) => total + pick(one), 0);
  return {
    kind,
    connections,
    purchases: operations,
    statements: sum((one) => one.statements) / operations,
    ...{ commits: each('commits'), walFlushes: each('walFlushes'), walRecords: each('walRecords') },
    ...{ walBytes: each('walBytes'), walBytesOfPages: each('walBytesOfPages') },
    byService: Object.fromEntries(perPurchase),
    byStatement,
  };
}

type Totals = Record<'at' | 'commits' | 'walFlushes' | 'walRecords' | 'walBytes' | 'walBytesOfPages', number>;

const databasesOf = ({ deployment }: BenchmarkContext): string =>
  serviceNames.map((service) => `'${deployment.database(service)}'`).join(', ');

/** Since the server started. `pg_stat_wal` has the number of whole pages; each is written without its hole, so 8 kB is the most. */
async function readTotals(context: BenchmarkContext): Promise<Totals> {
  const { rows } = await context.infrastructure.postgres.run(
    'postgres',
    `select extract(epoch from clock_timestamp())::float8 as at,
        (select sum(xact_commit)::float8 from pg_stat_database where datname in (${databasesOf(context)})) as commits,
        (select sum(fsyncs)::float8 from pg_stat_io where object = 'wal') as "walFlushes",
        wal_records::float8 as "walRecords", wal_bytes::float8 as "walBytes", wal_fpi::float8 * 8192 as "walBytesOfPages"
      from pg_stat_wal`,
  );
  // as: the columns are those of the type.
  return rows[0] as Totals;
}

type ServiceCounts = Record<'statements' | 'walRecords' | 'walBytes', number> & {
  service: ServiceName;
};

/** Begin, commit and the settings of a transaction. */
const IS_END = `s.query ~* '^(begin|commit|set local)'`;

/** By pg_stat_statements, which counts at once. */
async function readServices(context: BenchmarkContext): Promise<ServiceCounts[]> {
  const { rows } = await context.infrastructure.postgres.run(
    'postgres',
    `select d.datname, coalesce(sum(s.calls) filter (where not ${IS_END}), 0)::float8 as statements,
        sum(s.wal_records)::float8 as "walRecords", sum(s.wal_bytes)::float8 as "walBytes"
      from pg_stat_statements s join pg_database d on d.oid = s.dbid
      where d.datname in (${databasesOf(context)}) group by d.datname`,
  );
  return serviceNames.flatMap((service) => {
    const row = rows.find(({ datname }) => datname === context.deployment.database(service));
    return row ? [{ ...row, service }] : [];
  });
}

/** Statements that run less often than once in so many purchases are left out. */
const SELDOM = 20;

async function readStatements(context: BenchmarkContext, purchases: number): Promise<StatementCount[]> {
  const { rows } = await context.infrastructure.postgres.run(
    'postgres',
    `select d.datname, left(regexp_replace(s.query, '\\s+', ' ', 'g'), 200) as text, s.calls::float8 as calls,
        s.rows::float8 as rows, s.wal_records::float8 as "walRecords", s.total_exec_time as "executionMs"
      from pg_stat_statements s join pg_database d on d.oid = s.dbid
      where d.datname in (${databasesOf(context)}) and not ${IS_END} and s.calls >= ${purchases / SELDOM}
      order by s.wal_records desc, s.calls desc`,
  );
  return rows.flatMap(({ datname, text, ...counted }) => {
    const service = serviceNames.find((one) => context.deployment.database(one) === datname);
    const each = (name: string) => Number(counted[name]) / purchases;
    const counts = { calls: each('calls'), rows: each('rows'), walRecords: each('walRecords') };
    return service ? [{ service, text: String(text), ...counts, executionMs: each('executionMs') }] : [];
  });
}
