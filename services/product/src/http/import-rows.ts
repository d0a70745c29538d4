import { pipeline, type Readable } from 'node:stream';
import type { FieldError } from '@tradepost/contracts/problem';
import { Refusal } from '@tradepost/contracts/refusal';
import { parseJsonText } from '@tradepost/runtime/json';
import { createValidatorCompiler } from '@tradepost/runtime/validation';
import { parse } from 'csv-parse';
import type { ImportRow } from '../actions/import-products.ts';
import type { NewProduct } from '../domain/product.ts';
import { type Record as CsvRecord, columnOf, productOf } from './import-csv.ts';
import { linesOf } from './import-lines.ts';
import * as schemas from './schemas.ts';

/** A description of 10,000 characters in any script, with all there is to say about a hundred variants. */
const MAX_ROW_BYTES = 256 * 1024;

type Check = (value: unknown) => NewProduct | FieldError[];

/** Checks a row as the body of `POST /api/v1/products` is checked. */
function createCheck(): Check {
  const validate = createValidatorCompiler()({ schema: schemas.NewProduct, httpPart: 'body' });
  return (value) => {
    const outcome = validate(value);
    if ('error' in outcome) return outcome.error.errors ?? [{ field: '', message: outcome.error.message }];
    // as: it has just been checked against the schema that the type is of.
    return outcome.value as NewProduct;
  };
}

/** Products, one per line, each as the body of `POST /api/v1/products`. Empty lines are passed over. */
export async function* rowsOfNdjson(stream: Readable, maxRows: number): AsyncGenerator<ImportRow> {
  const check = createCheck();
  let rows = 0;
  for await (const { number: line, text } of linesOf(stream, MAX_ROW_BYTES)) {
    if (text !== undefined && text.trim() === '') continue;
    if (++rows > maxRows) throw tooMany(maxRows);
    if (text === undefined) yield { line, errors: [tooLong] };
    else yield rowOf(line, text, check);
  }
}

const tooLong: FieldError = { field: '', message: `must be no longer than ${MAX_ROW_BYTES} bytes` };

const tooMany = (maxRows: number): Refusal =>
  new Refusal('too_large', `At most ${maxRows} rows are taken at a time; those before have been imported`);

function rowOf(line: number, text: string, check: Check): ImportRow {
  let value: unknown;
  try {
    value = parseJsonText(text);
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    return { line, errors: error.errors ?? [{ field: '', message: error.message.replace('The body', 'The line') }] };
  }
  const checked = check(value);
  return Array.isArray(checked) ? { line, errors: checked } : { line, product: checked };
}

type Numbered = { line: number; record: CsvRecord };

/**
 * Products from CSV with a header line (RFC 4180). Each record is one variant; records that follow one another with the
 * same text in the column `product` are variants of one product.
 */
export async function* rowsOfCsv(stream: Readable, maxRows: number): AsyncGenerator<ImportRow> {
  const check = createCheck();
  let group: Numbered[] = [];
  for await (const row of recordsOf(stream, maxRows)) {
    if ('errors' in row) {
      yield row;
      continue;
    }
    const [first] = group;
    const name = row.record.product?.trim();
    const belongs = first && name && first.record.product?.trim() === name;
    if (first && !belongs) {
      yield rowOfGroup(group, check);
      group = [];
    }
    group.push(row);
  }
  if (group.length > 0) yield rowOfGroup(group, check);
}

function rowOfGroup(group: readonly Numbered[], check: Check): ImportRow {
  const line = group[0]?.line ?? 0;
  const checked = check(productOf(group.map(({ record }) => record)));
  if (!Array.isArray(checked)) return { line, product: checked };
  return { line, errors: checked.map(({ field, message }) => ({ field: columnOf(field), message })) };
}

async function* recordsOf(
  stream: Readable,
  maxRows: number,
): AsyncGenerator<Numbered | { line: number; errors: FieldError[] }> {
  const skipped: { line: number; errors: FieldError[] }[] = [];
  const parser = parse({
    bom: true,
    columns: (header: string[]) => header.map((name) => name.trim()),
    info: true,
    max_record_size: MAX_ROW_BYTES,
    relax_column_count_less: true,
    skip_empty_lines: true,
    skip_records_with_error: true,
    on_skip: (error) => {
      skipped.push({
        line: Number(error?.lines ?? 0),
        errors: [{ field: '', message: error?.message ?? 'cannot be read' }],
      });
    },
  });
  // Hands an upload that breaks off on to whoever reads the records.
  pipeline(stream, parser, () => undefined);
  let rows = 0;
  for await (const { record, info } of parser) {
    if (++rows > maxRows) throw tooMany(maxRows);
    yield* skipped.splice(0);
    yield { line: info.lines, record };
  }
  yield* skipped;
}
