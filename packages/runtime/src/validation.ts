import { isPictureUrl } from '@tradepost/contracts/picture-url';
import type { FieldError } from '@tradepost/contracts/problem';
import { ProblemError } from '@tradepost/contracts/problem-error';
import { Ajv, type AnySchema, type Format, type Options, type ValidateFunction } from 'ajv';
import { fullFormats } from 'ajv-formats/dist/formats.js';
import { fieldErrors, MAX_ERRORS, type RequestPart } from './field-errors.ts';
import { inputKeyword } from './input-keyword.ts';
import { lengthKeywords } from './length-keywords.ts';
import { limitsFirst } from './limits-first.ts';

/** Longer than any time that is written as RFC 3339 says, with nanoseconds. */
const LONGEST_TIME = 64;

/** The formats of JSON Schema, and those of ours. Ids, days and times are only those that PostgreSQL takes, too. */
const formats = {
  ...fullFormats,
  // Ajv takes `urn:uuid:` before it as well.
  uuid: /^[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$/i,
  date: storableDay(checkOf(fullFormats.date)),
  'date-time': storableTime(checkOf(fullFormats['date-time'])),
  'picture-url': isPictureUrl,
};

type Check = (text: string) => boolean;

function checkOf(format: Format): Check {
  const validate = typeof format === 'object' && 'validate' in format ? format.validate : undefined;
  if (typeof validate !== 'function') throw new TypeError('A format of times is not checked by a function');
  // as: Ajv checks times as they are, not by asking somebody.
  return validate as Check;
}

/** A day of the years 1 to 9999: there is no year 0. */
function storableDay(isDay: Check): Check {
  return (text) => isDay(text) && !text.startsWith('0000');
}

/**
 * A time with its zone that `Date` and PostgreSQL know: of the years 1 to 9999 in UTC, in a zone up to 15:59 hours away (the
 * farthest is 14), and without leap seconds. Ajv splits a text at every `t` before it finds that it is no time: one that is too long
 * for a time is not split.
 */
function storableTime(isTime: Check): Check {
  return (text) => {
    if (text.length > LONGEST_TIME || !isTime(text) || text.startsWith('0000') || FAR_ZONE.test(text)) return false;
    const year = new Date(text).getUTCFullYear();
    return year >= 1 && year <= 9999;
  };
}

const FAR_ZONE = /[+-](?:1[6-9]|2\d):?\d\d$/;

/**
 * An Ajv that knows the formats of JSON Schema (uuid, date-time, email, uri …) and `picture-url`. Nothing is coerced unless asked. Schemas are
 * not checked by the schema of schemas: they are made by TypeBox, and compiling that one is a fifth of a service's start.
 */
export function createAjv(options: Options): Ajv {
  const ajv = new Ajv({ strict: false, meta: false, validateSchema: false, formats, ...options });
  for (const definition of lengthKeywords) ajv.removeKeyword(String(definition.keyword)).addKeyword(definition);
  return ajv.addKeyword(inputKeyword);
}

/** Values in a body that is searched for all of its errors; of a larger one only the first is named. */
const MAX_VALUES = 1_000;

type Outcome = { value: unknown } | { error: ProblemError };
type Validate = (value: unknown) => Outcome;

/**
 * Makes the validators of requests, for Fastify's `validatorCompiler`. A body must be of the right types as it is;
 * query, path and headers are text, and are coerced. A schema is compiled when it is first used, so that a service
 * with many routes starts at once. The first, quick check stops at the first error; only when it fails are all errors
 * collected, with every limit of size checked before what it limits, and not in a body of more than `MAX_VALUES` values.
 */
export function createValidatorCompiler(): (route: { schema: AnySchema; httpPart?: string | undefined }) => Validate {
  const strict = { useDefaults: true };
  const coercing = { useDefaults: true, coerceTypes: 'array' } as const;
  const checkers = new Map<string, { quick: Ajv; thorough: Ajv }>();
  const checkersFor = (part: string): { quick: Ajv; thorough: Ajv } => {
    const kind = part === 'body' ? 'strict' : 'coercing';
    let found = checkers.get(kind);
    if (!found) {
      const options = kind === 'strict' ? strict : coercing;
      const thorough = createAjv({ ...options, allErrors: true, verbose: true });
      found = { quick: createAjv(options), thorough };
      checkers.set(kind, found);
    }
    return found;
  };
  return ({ schema, httpPart }) => {
    const part = toPart(httpPart);
    const wanted = part === 'headers' ? withLowerCaseNames(schema) : schema;
    let quick: ValidateFunction | undefined;
    let thorough: ValidateFunction | undefined;
    return (value) => {
      quick ??= checkersFor(part).quick.compile(wanted);
      if (quick(value)) return { value };
      let errors = quick.errors ?? [];
      if (isSmall(value)) {
        // as: what is made of a schema that Ajv takes is one.
        thorough ??= checkersFor(part).thorough.compile(limitsFirst(wanted) as AnySchema);
        thorough(value);
        errors = thorough.errors ?? errors;
      }
      return { error: invalid(fieldErrors(errors, part)) };
    };
  };
}

/** The refusal of a request with these bad fields. */
export function invalid(errors: FieldError[]): ProblemError {
  const detail = errors.length === 1 ? 'One field is not valid' : `${errors.length} fields are not valid`;
  return new ProblemError('validation_failed', detail, { errors: errors.slice(0, MAX_ERRORS) });
}

function toPart(httpPart: string | undefined): RequestPart {
  return httpPart === 'params' || httpPart === 'querystring' || httpPart === 'headers' ? httpPart : 'body';
}

/** Node gives header names in lower case; a schema may write them as they are usually written. */
function withLowerCaseNames(schema: AnySchema): AnySchema {
  if (typeof schema !== 'object' || !schema.properties) return schema;
  const properties = Object.entries(schema.properties).map(([name, value]) => [name.toLowerCase(), value]);
  const required = Array.isArray(schema.required) ? schema.required.map((name: string) => name.toLowerCase()) : [];
  return { ...schema, properties: Object.fromEntries(properties), required };
}

/** True for at most `MAX_VALUES` values; counts no further. */
function isSmall(value: unknown): boolean {
  let left = MAX_VALUES;
  const count = (part: unknown): boolean => {
    if (--left < 0) return false;
    if (typeof part !== 'object' || part === null) return true;
    if (Array.isArray(part)) return part.length <= left && part.every(count);
    for (const key in part) if (!count(Reflect.get(part, key))) return false;
    return true;
  };
  return count(value);
}
