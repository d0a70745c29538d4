// `node bench/relevance.ts [--queries]`: relevance evaluation of the search with judged queries, on a PostgreSQL of its own.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { startPostgres } from '@tradepost/postgres/embedded';
import { migrate } from '@tradepost/postgres/migrate';
import { createPool } from '@tradepost/postgres/pool';
import { terminalTable } from '@tradepost/testing/report/text-tables';
import { pino } from 'pino';
import { productService } from '../services/product/src/service.ts';
import { contextOf } from '../services/product/test/actions-context.ts';
import {
  evaluate,
  type Result,
  type Score,
  scoresBy,
  sellJudgedGoods,
} from '../services/product/test/relevance/evaluation.ts';

const log = pino({ level: 'fatal' });

async function run(): Promise<Result[]> {
  const directory = await mkdtemp(path.join(tmpdir(), 'tradepost-relevance-'));
  const server = await startPostgres({ directory, log, settings: { fsync: 'off' } });
  try {
    await server.createDatabase('product');
    const url = server.url('product');
    await migrate({ url, directory: productService.migrations, log });
    const pool = createPool({ url, name: 'relevance', log, max: 2 });
    const ctx = contextOf(pool, 1);
    const results = await evaluate(ctx, await sellJudgedGoods(ctx, pool));
    await pool.end();
    return results;
  } finally {
    await server.stop();
    await rm(directory, { recursive: true, force: true });
  }
}

const percent = (part: number): string => `${Math.round(part * 100)} %`;

function print(what: string, scores: readonly Score[]): void {
  const rows = scores.map(({ group, queries, ndcg, answered }) => [
    group,
    String(queries),
    ndcg.toFixed(3),
    percent(answered),
  ]);
  console.log(`${terminalTable([what, 'queries', 'NDCG@10', 'answered'], 1, rows).join('\n')}\n`);
}

const results = await run();
print(
  'language',
  scoresBy(results, ({ language }) => language),
);
print(
  'kind',
  scoresBy(results, ({ kind }) => kind),
);
if (process.argv.includes('--queries')) {
  for (const { language, kind, query, ndcg, found } of results.filter((result) => result.ndcg < 0.9)) {
    console.log(`${ndcg.toFixed(2)} ${language} ${kind}: ${query} -> ${found.slice(0, 5).join(' ')}`);
  }
}
