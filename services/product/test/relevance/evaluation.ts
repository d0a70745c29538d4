import type { Pool } from '@tradepost/postgres/pool';
import { uuidv7 } from '@tradepost/postgres/uuid';
import type { Context } from '../../src/actions/context.ts';
import { importBatch } from '../../src/actions/import-batch.ts';
import { listProducts } from '../../src/actions/list-products.ts';
import { languagesOf } from '../../src/domain/search-languages.ts';
import { saveLanguages } from '../../src/store/search-state.ts';
import { type Good, type Judgement, readGoods, readJudgements } from './judgements.ts';

/** What a query was answered with: the keys of the first ten products, how good they are (NDCG@10), and whether one of them answers it. */
export type Result = Judgement & { found: string[]; ndcg: number; isAnswered: boolean };

/** The mean of some queries. */
export type Score = { group: string; queries: number; ndcg: number; answered: number };

const SHOWN = 10;
const BATCH = 100;

/** Puts the judged catalogue on sale. Resolves with the key of each product by its title. */
export async function sellJudgedGoods(ctx: Context, pool: Pool): Promise<Map<string, string>> {
  await saveLanguages(pool, languagesOf('en,de,fr,es,ar,el,ru'));
  const goods = readGoods();
  const by = { accountId: uuidv7(), sessionId: '', role: 'seller' as const };
  const rows = goods.map((good, index) => ({ line: index + 1, size: 0, product: importedProduct(good, index) }));
  for (let from = 0; from < rows.length; from += BATCH) {
    const outcomes = await importBatch(ctx, by, rows.slice(from, from + BATCH));
    const refused = outcomes.find((outcome) => outcome !== 'created');
    if (refused) throw new Error(`A product was not created: ${JSON.stringify(refused)}`);
  }
  await pool.query({ text: 'analyze product' });
  return new Map(goods.map(({ title, key }) => [title, key]));
}

const importedProduct = ({ title, description, categories, skus }: Good, index: number) => ({
  ...{ title, description, categories: [...categories] },
  variants: skus.map((sku) => ({ sku, price: { amount: 500 + ((index * 7919) % 20_000), currency: 'EUR' }, stock: 3 })),
});

/** Asks all judged queries. */
export async function evaluate(ctx: Context, keys: ReadonlyMap<string, string>): Promise<Result[]> {
  const results: Result[] = [];
  for (const judgement of readJudgements()) {
    const found = await titlesFor(ctx, judgement.query);
    const shown = found.map((title) => keys.get(title) ?? title);
    results.push({ ...judgement, found: shown, ...scoreOf(judgement, shown) });
  }
  return results;
}

async function titlesFor(ctx: Context, phrase: string): Promise<string[]> {
  const listing = { filters: { status: 'active', phrase }, sort: 'relevance' } as const;
  const { items } = await listProducts(ctx, undefined, listing, { after: undefined, limit: SHOWN, facets: false });
  // as: `title` is a required field of each product of a list.
  return items.map((item) => (JSON.parse(item) as { title: string }).title);
}

/** Normalised discounted cumulative gain of the first ten (Järvelin and Kekäläinen, 2002), with the gain 2^grade − 1. */
function scoreOf({ grades }: Judgement, found: readonly string[]): { ndcg: number; isAnswered: boolean } {
  const ideal = gain([...grades.values()].sort((a, b) => b - a).slice(0, SHOWN));
  // Nothing should be found, so anything that is shown is wrong.
  if (ideal === 0) return { ndcg: found.length === 0 ? 1 : 0, isAnswered: found.length === 0 };
  const shown = found.map((key) => grades.get(key) ?? 0);
  return { ndcg: gain(shown) / ideal, isAnswered: shown.some((grade) => grade >= 2) };
}

const gain = (grades: readonly number[]): number =>
  grades.reduce((sum, grade, index) => sum + (2 ** grade - 1) / Math.log2(index + 2), 0);

/** The mean of the results of each group, the largest group first, and of all. */
export function scoresBy(results: readonly Result[], groupOf: (result: Result) => string): Score[] {
  const groups = Map.groupBy(results, groupOf);
  const scores = [...groups].map(([group, ofGroup]) => meanScore(group, ofGroup));
  return [...scores.sort((a, b) => b.queries - a.queries), meanScore('all', results)];
}

function meanScore(group: string, results: readonly Result[]): Score {
  const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
  return {
    ...{ group, queries: results.length, ndcg: mean(results.map(({ ndcg }) => ndcg)) },
    answered: mean(results.map(({ isAnswered }) => Number(isAnswered))),
  };
}
