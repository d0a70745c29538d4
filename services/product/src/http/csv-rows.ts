import type { FieldError } from '@tradepost/contracts/problem';
import { ProblemError } from '@tradepost/contracts/problem-error';
import type { ImportRow } from '../actions/import-batch.ts';
import { CsvReader } from './csv-records.ts';
import type { TextChunks } from './import-body.ts';
import { DAMAGED_TEXT, type ImportCheck, type ImportChecks, MAX_ROW, tooManyRows } from './import-checks.ts';
import { type CsvCells, columnOf, hasLines, productOf, readHeader, variantOfField } from './import-csv.ts';

/** Of all records of one product. */
const MAX_PRODUCT = 1024 * 1024;
const MAX_VARIANTS = 100;

type Cells = { line: number; cells: CsvCells; size: number };

/** The records of one product so far. */
type Group = { name: string; records: Cells[]; size: number; isTooLarge: boolean };

/**
 * Products from CSV with a header line. Each record is one variant; records that follow one another with the same text in
 * the column `product` are variants of one product. No more is kept than the records of one product.
 */
export async function* rowsOfCsv(chunks: TextChunks, maxRows: number, checks: ImportChecks): AsyncGenerator<ImportRow> {
  let group: Group | undefined;
  for await (const row of cellsOf(chunks, maxRows)) {
    if ('errors' in row) {
      yield row;
      continue;
    }
    const name = row.cells.product?.trim() ?? '';
    if (group && (name === '' || group.name !== name)) {
      yield* rowsOfGroup(group, checks.csv);
      group = undefined;
    }
    group ??= { name, records: [], size: 0, isTooLarge: false };
    add(group, row);
  }
  if (group) yield* rowsOfGroup(group, checks.csv);
}

function add(group: Group, row: Cells): void {
  group.size += row.size;
  group.isTooLarge ||= group.records.length >= MAX_VARIANTS || group.size > MAX_PRODUCT;
  if (!group.isTooLarge) group.records.push(row);
  else group.records.length = 1;
}

/** The product of a group. A record that is not valid as a variant is reported by itself, and the others are imported. */
function* rowsOfGroup(group: Group, check: ImportCheck): Generator<ImportRow> {
  let { records } = group;
  const { line = 0, cells: first = {} } = records[0] ?? {};
  if (group.isTooLarge) {
    const message = `has more than ${MAX_VARIANTS} records, or more than ${MAX_PRODUCT} characters`;
    yield { line, errors: [{ field: 'product', message }] };
    return;
  }
  while (records.length > 0) {
    const variants = records.map(({ cells }) => cells);
    const checked = check(productOf(first, variants));
    if (!Array.isArray(checked)) {
      yield { line, product: checked, size: group.size, isPartial: true, lines: records.map((record) => record.line) };
      return;
    }
    const bad = new Map<number, FieldError[]>();
    for (const { field, message } of checked) {
      const at = variantOfField(field) ?? -1;
      bad.set(at, [...(bad.get(at) ?? []), { field: columnOf(field), message }]);
    }
    const ofAll = bad.get(-1);
    if (ofAll) {
      yield { line, errors: [...bad.values()].flat() };
      return;
    }
    for (const [at, errors] of bad) yield { line: records[at]?.line ?? line, errors };
    records = records.filter((_, at) => !bad.has(at));
  }
}

async function* cellsOf(
  chunks: TextChunks,
  maxRows: number,
): AsyncGenerator<Cells | { line: number; errors: FieldError[] }> {
  const reader = new CsvReader(chunks, MAX_ROW);
  let first = await reader.line();
  // Excel writes such a line, and reads it.
  const declared = /^sep=(.)\s*$/i.exec(first?.text ?? '')?.[1];
  if (declared !== undefined) first = await reader.line();
  if (!first)
    throw new ProblemError(
      'malformed_request',
      'The file is empty, or its first line is too long: it must name the columns',
    );
  const header = readHeader(first.text);
  if ('message' in header) throw new ProblemError('malformed_request', header.message);
  const { columns, separator } = header;
  const format = { separator, maxLength: MAX_ROW, mayHaveLines: (place: number) => hasLines(columns[place]) };
  let rows = 0;
  for await (const record of reader.records(format)) {
    const { line } = record;
    if ('fields' in record && record.fields.every((field) => field.trim() === '')) continue;
    if (++rows > maxRows) throw tooManyRows(maxRows);
    if ('message' in record) yield { line, errors: [{ field: '', message: record.message }] };
    else yield rowOfFields(line, record.fields, columns);
  }
}

function rowOfFields(line: number, all: string[], columns: string[]): Cells | { line: number; errors: FieldError[] } {
  // Spreadsheets fill each line up to the longest one.
  const hasSpare = all.slice(columns.length).every((field) => field.trim() === '');
  const fields = hasSpare ? all.slice(0, columns.length) : all;
  if (fields.length > columns.length) {
    const message = `has ${fields.length} fields, and the header names ${columns.length} columns`;
    return { line, errors: [{ field: '', message }] };
  }
  if (fields.some((field) => field.includes('\ufffd'))) return { line, errors: [DAMAGED_TEXT] };
  // Spreadsheets leave out empty cells at the end of a line; and of a line that was cut off nobody knows what they were.
  const cells = Object.fromEntries(columns.slice(0, fields.length).map((name, at) => [name, fields[at]]));
  return { line, cells, size: fields.reduce((sum, field) => sum + field.length, 0) };
}
