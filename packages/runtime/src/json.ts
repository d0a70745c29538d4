import { isUtf8 } from 'node:buffer';
import type { FieldError } from '@tradepost/contracts/problem';
import { Refusal } from '@tradepost/contracts/refusal';

/** How deep objects and arrays may lie in one another. */
export const MAX_JSON_DEPTH = 32;

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
 * twice, objects nested deeper than `MAX_JSON_DEPTH` and keys that poison prototypes throw `malformed_json`; strings
 * that PostgreSQL could not store (U+0000, lone surrogates) throw `validation_failed` with the field's name.
 * Source: https://www.rfc-editor.org/rfc/rfc8259, https://www.rfc-editor.org/rfc/rfc7493 (I-JSON)
 */
export function parseJson(bytes: Buffer): unknown {
  if (!isUtf8(bytes)) throw malformed('The body is not valid UTF-8');
  const text = bytes.toString('utf8');
  return parseJsonText(text.charCodeAt(0) === 0xfeff ? text.slice(1) : text);
}

/** `parseJson` for what is text already. */
export function parseJsonText(text: string): unknown {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    // The engine's message quotes the text, which may hold a password.
    throw malformed('The body is not valid JSON', cause);
  }
  checkStructure(text);
  // Only an escape can write a U+0000 or a lone surrogate in valid UTF-8.
  if (text.includes('\\u')) checkStrings(value);
  return value;
}

type Frame = { keys: string[] | undefined; seen: Set<string> | undefined; constructorValue: boolean };

/** Few keys are compared one by one, which is faster than a set; many are not, which would be quadratic. */
const FEW_KEYS = 12;

/** One pass over text that is known to be valid JSON. */
function checkStructure(text: string): void {
  const frames: Frame[] = [];
  let expectKey = false;
  let lastKey = '';
  for (let at = 0; at < text.length; at++) {
    switch (text.charCodeAt(at)) {
      case QUOTE: {
        const end = endOfString(text, at);
        if (expectKey) lastKey = addKey(frames[frames.length - 1], text, at, end);
        at = end;
        break;
      }
      case OPEN_OBJECT:
        open(frames, { keys: [], seen: undefined, constructorValue: lastKey === 'constructor' });
        expectKey = true;
        lastKey = '';
        break;
      case OPEN_ARRAY:
        open(frames, { keys: undefined, seen: undefined, constructorValue: false });
        expectKey = false;
        lastKey = '';
        break;
      case CLOSE_OBJECT:
      case CLOSE_ARRAY:
        frames.pop();
        expectKey = false;
        break;
      case COLON:
        expectKey = false;
        break;
      case COMMA:
        lastKey = '';
        expectKey = frames[frames.length - 1]?.keys !== undefined;
        break;
    }
  }
}

function open(frames: Frame[], frame: Frame): void {
  if (frames.length === MAX_JSON_DEPTH) {
    throw malformed(`The body is nested deeper than ${MAX_JSON_DEPTH} levels`);
  }
  frames.push(frame);
}

/** The index of the quote that ends the string which begins at `start`. */
function endOfString(text: string, start: number): number {
  let end = text.indexOf('"', start + 1);
  // A quote is escaped when an odd number of backslashes stands before it.
  while (text.charCodeAt(end - 1) === BACKSLASH) {
    let backslashes = 1;
    while (text.charCodeAt(end - 1 - backslashes) === BACKSLASH) backslashes++;
    if (backslashes % 2 === 0) break;
    end = text.indexOf('"', end + 1);
  }
  return end;
}

function addKey(frame: Frame | undefined, text: string, start: number, end: number): string {
  const raw = text.slice(start + 1, end);
  const key = raw.includes('\\') ? String(JSON.parse(`"${raw}"`)) : raw;
  if (frame?.keys === undefined) return key;
  if (key === '__proto__' || (key === 'prototype' && frame.constructorValue)) {
    throw malformed(`The body has a key that is not accepted: ${key}`);
  }
  const duplicate = frame.seen ? frame.seen.has(key) : frame.keys.includes(key);
  if (duplicate) throw malformed(`The body names a key twice: ${JSON.stringify(key.slice(0, 80))}`);
  if (frame.seen) frame.seen.add(key);
  else if (frame.keys.push(key) > FEW_KEYS) frame.seen = new Set(frame.keys);
  return key;
}

/** Walks the value for strings that PostgreSQL refuses, keys included. */
function checkStrings(value: unknown): void {
  const errors: FieldError[] = [];
  const walk = (part: unknown, pointer: string): void => {
    if (typeof part === 'string') {
      const message = unstorable(part);
      if (message) errors.push({ field: pointer, message });
    } else if (typeof part === 'object' && part !== null) {
      for (const [key, child] of Object.entries(part)) {
        const message = unstorable(key);
        if (message) errors.push({ field: pointer, message: `has a key that ${message}` });
        walk(child, `${pointer}/${escapePointer(key)}`);
      }
    }
  };
  walk(value, '');
  if (errors.length > 0) {
    throw new Refusal('validation_failed', 'The body has text that cannot be stored', { errors: errors.slice(0, 100) });
  }
}

/** Why a string cannot be stored as text, if it cannot. */
export function unstorable(text: string): string | undefined {
  if (text.includes('\0')) return 'must not contain the character U+0000';
  return text.isWellFormed() ? undefined : 'must not contain half of a surrogate pair';
}

/** Escapes a key for a JSON pointer. Source: https://www.rfc-editor.org/rfc/rfc6901#section-3 */
export function escapePointer(key: string): string {
  return key.replaceAll('~', '~0').replaceAll('/', '~1');
}

function malformed(detail: string, cause?: unknown): Refusal {
  return new Refusal('malformed_json', detail, { cause });
}
