import { serviceNames } from './bundles.ts';
import { closedLoop } from './closed-loop.ts';
import type { BenchmarkContext } from './context.ts';
import type { OperationKind } from './operations.ts';
import type { StatementCount } from './results.ts';

const DURATION_MS = 1500;

/** Counts, by pg_stat_statements, what one purchase has the databases do: all services, polling and all. */
export async function countStatements(context: BenchmarkContext, kind: OperationKind): Promise<StatementCount> {
  const { postgres } = context.infrastructure;
  const track = async (what: 'top' | 'none') => {
    await postgres.run('postgres', `alter system set pg_stat_statements.track = '${what}'`);
    await postgres.run('postgres', 'select pg_reload_conf()');
  };
  await postgres.run('postgres', 'create extension if not exists pg_stat_statements');
  await postgres.run('postgres', 'select pg_stat_statements_reset()');
  await track('top');
  const { connections } = kind;
  const load = { origin: context.deployment.gatewayUrl, connections, operation: context.shop.purchase };
  const { operations } = await closedLoop(load, DURATION_MS);
  await context.shop.settled();
  await track('none');
  const databases = serviceNames.map((service) => `'${context.deployment.database(service)}'`).join(', ');
  const { rows } = await postgres.run(
    'postgres',
    `select sum(s.calls) filter (where s.query ~* '^(begin|commit|set local)') as ends,
        sum(s.calls) filter (where s.query !~* '^(begin|commit|set local)') as others
      from pg_stat_statements s join pg_database d on d.oid = s.dbid where d.datname in (${databases})`,
  );
  return { statements: Number(rows[0]?.others) / operations, beginAndCommit: Number(rows[0]?.ends) / operations };
}
