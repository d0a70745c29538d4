import { isUtf8 } from 'node:buffer';
import type { FieldError } from '@tradepost/contracts/problem';
import { ProblemError } from '@tradepost/contracts/problem-error';

/** How deep objects and arrays may lie in one another. */
export const MAX_JSON_DEPTH = 32;

/** How many values a body may have: objects, arrays and what is in them. The largest product has about 2,200. */
export const MAX_JSON_VALUES = 10_000;

/** How many fields one object may have. An object of thousands is a hash table, which is slow to walk. */
export const MAX_JSON_FIELDS = 200;

/** Texts that cannot be stored are named up to this number. */
const MAX_ERRORS = 100;

/** In a body with more fields, the key that is written twice is not named: to find it takes longer than to parse. */
const MAX_FIELDS_SEARCHED = 500;

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const OPEN_OBJECT = 0x7b;
const CLOSE_OBJECT = 0x7d;
const OPEN_ARRAY = 0x5b;
const CLOSE_ARRAY = 0x5d;
const COLON = 0x3a;
const COMMA = 0x2c;

/**
 * Parses a JSON body as strictly as a public endpoint should: bytes that are not UTF-8, syntax errors, keys named
 * twice, objects nested deeper than `MAX_JSON_DEPTH` and keys that poison prototypes throw `malformed_json`; more than
 * `MAX_JSON_VALUES` values, or `MAX_JSON_FIELDS` fields in one object, throw `too_large`; strings that PostgreSQL could not store (U+0000, lone surrogates) throw
 * `validation_failed` with the field's name. What it checks beyond `JSON.parse` takes time linear in the size of the body;
 * depth and number of values are checked before anything is parsed.
 * Source: https://www.rfc-editor.org/rfc/rfc8259, https://www.rfc-editor.org/rfc/rfc7493 (I-JSON)
 */
export function parseJson(bytes: Buffer): unknown {
  if (!isUtf8(bytes)) throw malformed('The body is not valid UTF-8');
  const fields = countFields(bytes);
  const text = bytes.toString('utf8');
  return parseCounted(text.charCodeAt(0) === 0xfeff ? text.slice(1) : text, fields);
}

/** `parseJson` for what is text already. */
export function parseJsonText(text: string): unknown {
  return parseCounted(text, countFields(Buffer.from(text)));
}

function parseCounted(text: string, fields: number): unknown {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    // The engine's message quotes the text, which may hold a password.
    throw malformed('The body is not valid JSON', cause);
  }
  // A key that is written twice is one field of the value, but two in the text.
  if (countKeys(value, false) !== fields) throw duplicateKey(text, fields);
  // Only an escape can write a U+0000 or a lone surrogate in valid UTF-8.
  if (UNSTORABLE_ESCAPE.test(text)) checkStrings(value);
  return value;
}

const UNSTORABLE_ESCAPE = /\\u(?:0000|d[89a-f])/i;

/** What a byte means outside of a string. */
const OTHER = 0;
const STRING = 1;
const FIELD = 2;
const ITEM = 3;
const OPEN = 4;
const CLOSE = 5;

const MEANINGS = new Uint8Array(256);
MEANINGS[QUOTE] = STRING;
MEANINGS[COLON] = FIELD;
MEANINGS[COMMA] = ITEM;
MEANINGS[OPEN_OBJECT] = OPEN;
MEANINGS[OPEN_ARRAY] = OPEN;
MEANINGS[CLOSE_OBJECT] = CLOSE;
MEANINGS[CLOSE_ARRAY] = CLOSE;

/**
 * Counts the fields of all objects in what may be JSON; whether it is, `JSON.parse` finds out. Throws when it is too deep
 * or has too many values, before anything is made of them.
 */
function countFields(bytes: Buffer): number {
  const { length } = bytes;
  const endOfString = createStringScanner(bytes);
  const fieldsAtDepth = new Uint32Array(MAX_JSON_DEPTH + 1);
  let depth = 0;
  let values = 1;
  let fields = 0;
  for (let at = 0; at < length; at++) {
    const meaning = MEANINGS[bytes[at] ?? OTHER];
    if (meaning === OTHER) continue;
    if (meaning === STRING) at = endOfString(at);
    else if (meaning === FIELD) {
      fields++;
      const here = (fieldsAtDepth[depth] ?? 0) + 1;
      fieldsAtDepth[depth] = here;
      if (here > MAX_JSON_FIELDS) {
        throw new ProblemError('too_large', `An object has more than the ${MAX_JSON_FIELDS} fields that are accepted`);
      }
    } else if (meaning === CLOSE) depth--;
    else {
      values++;
      if (meaning === OPEN) depth++;
      if (depth > MAX_JSON_DEPTH) throw malformed(`The body is nested deeper than ${MAX_JSON_DEPTH} levels`);
      if (values > MAX_JSON_VALUES) {
        throw new ProblemError('too_large', `The body has more than the ${MAX_JSON_VALUES} values that are accepted`);
      }
      if (meaning === OPEN) fieldsAtDepth[depth] = 0;
    }
  }
  return fields;
}

/** A stretch without quote or backslash that is longer than this is passed over by a native search. */
const LONG_STRETCH = 64;

/**
 * Finds the index of the quote that ends the string which begins at `start`, or `bytes.length` where there is none. The
 * positions that the native searches find are kept until they are passed, so that no byte is searched twice.
 */
function createStringScanner(bytes: Buffer): (start: number) => number {
  const { length } = bytes;
  const find = (byte: number, from: number) => {
    const found = bytes.indexOf(byte, from);
    return found === -1 ? length : found;
  };
  let nextQuote = -1;
  let nextBackslash = -1;
  return (start) => {
    let at = start + 1;
    for (;;) {
      for (const end = Math.min(length, at + LONG_STRETCH); at < end; at++) {
        const byte = bytes[at];
        if (byte === QUOTE) return at;
        if (byte === BACKSLASH) at++;
      }
      if (at >= length) return length;
      if (nextQuote < at) nextQuote = find(QUOTE, at);
      if (nextBackslash < at) nextBackslash = find(BACKSLASH, at);
      if (nextQuote < nextBackslash || nextBackslash === length) return nextQuote;
      at = nextBackslash;
    }
  };
}

/** Counts the keys of all objects in a value; throws for those that poison prototypes. */
function countKeys(value: unknown, ofConstructor: boolean): number {
  if (typeof value !== 'object' || value === null) return 0;
  let count = 0;
  if (Array.isArray(value)) {
    for (const item of value) if (typeof item === 'object') count += countKeys(item, false);
    return count;
  }
  for (const key in value) {
    if (key === '__proto__' || (ofConstructor && key === 'prototype')) {
      throw malformed(`The body has a key that is not accepted: ${key}`);
    }
    count++;
    const child: unknown = Reflect.get(value, key);
    if (typeof child === 'object') count += countKeys(child, key === 'constructor');
  }
  return count;
}

/** The refusal of valid JSON in which a key is written twice, with the key where it is quickly found. */
function duplicateKey(text: string, fields: number): ProblemError {
  const key = fields <= MAX_FIELDS_SEARCHED ? findDuplicateKey(Buffer.from(text)) : undefined;
  return malformed(`The body names a key twice${key === undefined ? '' : `: ${JSON.stringify(key.slice(0, 80))}`}`);
}

function findDuplicateKey(bytes: Buffer): string | undefined {
  const endOfString = createStringScanner(bytes);
  const objects: Set<string>[] = [];
  let last = '';
  for (let at = 0; at < bytes.length; at++) {
    const byte = bytes[at];
    if (byte === QUOTE) {
      const end = endOfString(at);
      last = bytes.toString('utf8', at, end + 1);
      at = end;
    } else if (byte === COLON) {
      // What stands before a colon is a key.
      const key = String(JSON.parse(last));
      const seen = objects[objects.length - 1];
      if (seen?.has(key)) return key;
      seen?.add(key);
    } else if (byte === OPEN_OBJECT) objects.push(new Set());
    else if (byte === CLOSE_OBJECT) objects.pop();
  }
  return undefined;
}

/** Walks the value for strings that PostgreSQL refuses, keys included. */
function checkStrings(value: unknown): void {
  const errors: FieldError[] = [];
  // Pointers are written for what is refused only: to write one for each value takes longer than to parse.
  const path: string[] = [];
  const addProblem = (message: string) =>
    errors.push({ field: path.map((key) => `/${escapePointer(key)}`).join(''), message });
  const walk = (part: unknown): void => {
    if (errors.length >= MAX_ERRORS) return;
    if (typeof part === 'string') {
      const message = unstorable(part);
      if (message) addProblem(message);
    } else if (Array.isArray(part)) {
      // By index, and only as far as errors are named: `in` makes a text of each index first.
      for (let index = 0; index < part.length && errors.length < MAX_ERRORS; index++)
        within(String(index), part[index]);
    } else if (typeof part === 'object' && part !== null) {
      for (const key in part) {
        const message = unstorable(key);
        if (message) addProblem(`has a key that ${message}`);
        within(key, Reflect.get(part, key));
      }
    }
  };
  const within = (key: string, part: unknown) => {
    path.push(key);
    walk(part);
    path.pop();
  };
  walk(value);
  if (errors.length > 0)
    throw new ProblemError('validation_failed', 'The body has text that cannot be stored', { errors });
}

/** Why a string cannot be stored as text, if it cannot. */
function unstorable(text: string): string | undefined {
  if (text.includes('\0')) return 'must not contain the character U+0000';
  return text.isWellFormed() ? undefined : 'must not contain half of a surrogate pair';
}

/** Escapes a key for a JSON pointer. Source: https://www.rfc-editor.org/rfc/rfc6901#section-3 */
export function escapePointer(key: string): string {
  return key.replaceAll('~', '~0').replaceAll('/', '~1');
}

function malformed(detail: string, cause?: unknown): ProblemError {
  return new ProblemError('malformed_json', detail, { cause });
}
