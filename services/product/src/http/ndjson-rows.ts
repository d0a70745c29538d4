import type { FieldError } from '@tradepost/contracts/problem';
import { ProblemError } from '@tradepost/contracts/problem-error';
import { parseJsonText } from '@tradepost/runtime/json';
import type { ImportRow } from '../actions/import-batch.ts';
import type { TextChunks } from './import-body.ts';
import { DAMAGED_TEXT, type ImportCheck, type ImportChecks, MAX_ROW, tooManyRows } from './import-checks.ts';
import { linesOf } from './import-lines.ts';

/** Products, one per line, each as the body of `POST /api/v1/products`. Empty lines are passed over. */
export async function* rowsOfNdjson(
  chunks: TextChunks,
  maxRows: number,
  checks: ImportChecks,
): AsyncGenerator<ImportRow> {
  let rows = 0;
  for await (const { number: line, text } of linesOf(chunks, MAX_ROW)) {
    if (text !== undefined && text.trim() === '') continue;
    if (++rows > maxRows) throw tooManyRows(maxRows);
    if (rows === 1 && text?.trim().startsWith('[')) throw isList();
    yield text === undefined ? { line, errors: [tooLong] } : rowOfJson(line, text, checks.json);
  }
}

const isList = (): ProblemError =>
  new ProblemError(
    'malformed_request',
    'The file is one JSON list: write one object a line, without commas and brackets',
  );

const tooLong: FieldError = { field: '', message: `must be no longer than ${MAX_ROW} characters` };

function rowOfJson(line: number, text: string, check: ImportCheck): ImportRow {
  if (text.includes('\ufffd')) return { line, errors: [DAMAGED_TEXT] };
  let value: unknown;
  try {
    // Files that were joined have a byte order mark before a line; it counts as white space.
    value = parseJsonText(text.trim());
  } catch (error) {
    if (!(error instanceof ProblemError)) throw error;
    return { line, errors: error.errors ?? [{ field: '', message: error.message.replace('The body', 'The line') }] };
  }
  const checked = check(value);
  return Array.isArray(checked) ? { line, errors: checked } : { line, product: checked, size: text.length };
}
