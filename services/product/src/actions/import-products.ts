import type { FieldError } from '@tradepost/contracts/problem';
import { ProblemError } from '@tradepost/contracts/problem-error';
import { isRefusedData } from '@tradepost/postgres/unavailable';
import type { Identity } from '@tradepost/runtime/identity';
import { retryOnConflict } from './change-products.ts';
import type { Context } from './context.ts';
import { type ImportOutcome, type ImportRow, importBatch, type ValidRow } from './import-batch.ts';
import { createPace } from './pace.ts';

export type ImportError = { line: number; field: string; message: string };

export type ImportSummary = {
  created: number;
  updated: number;
  /** Were there already, and just so. */
  unchanged: number;
  failed: number;
  /** Of the first failures only. */
  errors: ImportError[];
  /** Those that are not among the first. */
  moreErrors: number;
};

/** Products written in one transaction, and how large they may be together. */
const BATCH = 100;
const BATCH_SIZE = 512 * 1024;
const BATCH_VARIANTS = 500;
const MAX_ERRORS = 1000;

/**
 * Makes or changes products, batch by batch, each in one transaction; what was written stays when a later batch fails or
 * the file breaks off. A product is known by the SKUs of its variants. Stock counts for new SKUs only, so the same file a
 * second time changes nothing, whatever was sold meanwhile. `nameOf` gives what the file calls a field of a product.
 */
export async function importProducts(
  ctx: Context,
  by: Identity,
  rows: AsyncIterable<ImportRow>,
  nameOf: NameOf = (field) => field,
): Promise<ImportSummary> {
  const summary: ImportSummary = { created: 0, updated: 0, unchanged: 0, failed: 0, errors: [], moreErrors: 0 };
  const pace = createPace();
  let batch: ValidRow[] = [];
  const skus = new Set<string>();
  let size = 0;
  let refusal: ProblemError | undefined;
  const flush = async () => {
    for (let left = batch; left.length > 0; )
      left = countAll({ summary, nameOf }, left, await importRows(ctx, by, left));
    batch = [];
    size = 0;
    skus.clear();
  };
  const readable = untilRefused(rows, (problem) => {
    refusal = problem;
  });
  for await (const row of readable) {
    await pace();
    if ('errors' in row) {
      count(summary, row.line, row.errors);
      continue;
    }
    // A SKU that comes twice is looked up again, once it has been written.
    const isFull = batch.length >= BATCH || size >= BATCH_SIZE || skus.size >= BATCH_VARIANTS;
    if (isFull || row.product.variants.some(({ sku }) => skus.has(sku))) await flush();
    batch.push(row);
    size += row.size;
    for (const { sku } of row.product.variants) skus.add(sku);
  }
  await flush();
  if (refusal !== undefined) throw withSummary(refusal, summary);
  return summary;
}

/** The rows of a file up to where it cannot be read any further. A file that breaks off since its sender has left throws. */
async function* untilRefused(
  rows: AsyncIterable<ImportRow>,
  refused: (problem: ProblemError) => void,
): AsyncGenerator<ImportRow> {
  try {
    yield* rows;
  } catch (err) {
    if (!(err instanceof ProblemError)) throw err;
    refused(err);
  }
}

/** Whoever sent the file learns what became of the rows before. */
function withSummary(problem: ProblemError, { errors: rowErrors, ...counts }: ImportSummary): ProblemError {
  const { code, message, errors, cause } = problem;
  return new ProblemError(code, message, {
    ...(errors && { errors }),
    cause,
    extra: { imported: { ...counts, errors: rowErrors } },
  });
}

type NameOf = (field: string) => string;

/** Counts what became of rows. Returns the products that are left without the variants that were refused. */
function countAll(
  { summary, nameOf }: { summary: ImportSummary; nameOf: NameOf },
  rows: readonly ValidRow[],
  outcomes: readonly ImportOutcome[],
): ValidRow[] {
  const named = (errors: readonly FieldError[]) => errors.map((error) => ({ ...error, field: nameOf(error.field) }));
  return rows.flatMap((row, index) => {
    const outcome = outcomes[index] ?? [];
    const refused = Array.isArray(outcome) ? refusedVariants(row, outcome) : undefined;
    if (refused === undefined) {
      count(summary, row.line, Array.isArray(outcome) ? named(outcome) : outcome);
      return [];
    }
    for (const [at, errors] of refused) count(summary, row.lines?.[at] ?? row.line, named(errors));
    const isLeft = (_: unknown, at: number) => !refused.has(at);
    const variants = row.product.variants.filter(isLeft);
    const lines = row.lines?.filter(isLeft) ?? [];
    return variants.length === 0 ? [] : [{ ...row, product: { ...row.product, variants }, lines }];
  });
}

/** The errors of each variant that was refused, by its place; undefined where they are not about variants with lines of their own. */
function refusedVariants({ lines }: ValidRow, errors: readonly FieldError[]): Map<number, FieldError[]> | undefined {
  if (lines === undefined || errors.length === 0) return undefined;
  const refused = new Map<number, FieldError[]>();
  for (const error of errors) {
    const place = /^\/variants\/(\d+)(?:\/|$)/.exec(error.field)?.[1];
    if (place === undefined) return undefined;
    refused.set(Number(place), [...(refused.get(Number(place)) ?? []), error]);
  }
  return refused;
}

/** Nobody had the SKU when the batch was begun. */
const isSkuTaken = (err: unknown): boolean => err instanceof ProblemError && err.code === 'sku_taken';

function count(summary: ImportSummary, line: number, outcome: ImportOutcome): void {
  if (typeof outcome === 'string') {
    summary[outcome]++;
    return;
  }
  summary.failed++;
  for (const { field, message } of outcome) {
    if (summary.errors.length < MAX_ERRORS) summary.errors.push({ line, field, message });
    else summary.moreErrors++;
  }
}

/**
 * Writes rows in one transaction. If the database refuses one of them, which no check before has found, each is written by
 * itself, so that the good rows are not lost with the bad one.
 */
async function importRows(ctx: Context, by: Identity, rows: readonly ValidRow[]): Promise<ImportOutcome[]> {
  try {
    return await retryOnConflict(() => importBatch(ctx, by, rows), isSkuTaken);
  } catch (err) {
    if (!isRefusedData(err) && !isSkuTaken(err)) throw err;
    const message = isSkuTaken(err)
      ? 'has a SKU that another request took at the same moment'
      : 'was refused by the database';
    if (rows.length === 1) return [[{ field: '', message }]];
  }
  const outcomes: ImportOutcome[] = [];
  for (const row of rows) outcomes.push(...(await importRows(ctx, by, [row])));
  return outcomes;
}
