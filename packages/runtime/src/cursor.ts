import { ProblemError } from '@tradepost/contracts/problem-error';
import type { Static, TSchema } from 'typebox';
import { parseJson } from './json.ts';
import { createAjv } from './validation.ts';

/** Longer than any cursor of ours; a longer one is not looked at. */
const MAX_LENGTH = 2048;

type Check = (value: unknown) => boolean;

/** Compiled checks by schema: only a memo, since compiling costs a hundred times what a page of a list does. */
const checks = new WeakMap<TSchema, Check>();

/** Turns the place where a page ended into an opaque cursor: base64url of its JSON. */
export function encodeCursor(value: unknown): string {
  return Buffer.from(JSON.stringify(value), 'utf8').toString('base64url');
}

/**
 * Reads a cursor that `encodeCursor` wrote. Throws `invalid_cursor` for whatever does not fit the schema; declare the
 * schema once (compiled checks are remembered by it), and narrowly (`format: 'uuid'`, `'date-time'`), since its values go
 * into SQL.
 */
export function decodeCursor<T extends TSchema>(schema: T, text: string): Static<T> {
  let check = checks.get(schema);
  if (!check) {
    check = createAjv({}).compile(schema);
    checks.set(schema, check);
  }
  const value = parse(text);
  if (!check(value)) throw invalidCursor();
  // as: the schema has just said so.
  return value as Static<T>;
}

/** `decodeCursor` with its schema given: `const readCursor = cursorReader(Type.Tuple([Time, Id]))`. */
export function cursorReader<T extends TSchema>(schema: T): (text: string) => Static<T> {
  return (text) => decodeCursor(schema, text);
}

function parse(text: string): unknown {
  if (text.length > MAX_LENGTH || !/^[A-Za-z0-9_-]+$/.test(text)) throw invalidCursor();
  try {
    return parseJson(Buffer.from(text, 'base64url'));
  } catch (cause) {
    throw invalidCursor(cause);
  }
}

function invalidCursor(cause?: unknown): ProblemError {
  return new ProblemError('invalid_cursor', 'Leave the cursor out to begin at the first page', {
    errors: [{ field: '?cursor', message: 'is not a cursor that this list gave' }],
    cause,
  });
}
