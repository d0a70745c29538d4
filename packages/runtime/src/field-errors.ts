import type { FieldError } from '@tradepost/contracts/problem';
import type { ErrorObject } from 'ajv';
import { escapePointer } from './json.ts';

/** The parts of a request that have schemas. */
export type RequestPart = 'params' | 'body' | 'querystring' | 'headers';

/** More errors than this are not worth reading, nor writing. */
export const MAX_ERRORS = 100;

/** Ajv's errors as fields and messages; the failed branches of a union become one error. */
export function fieldErrors(errors: ErrorObject[], part: RequestPart): FieldError[] {
  const unions = errors.filter((error) => error.keyword === 'anyOf' || error.keyword === 'oneOf');
  const isBranch = (error: ErrorObject) =>
    unions.some(
      (union) =>
        error !== union &&
        error.schemaPath.startsWith(`${union.schemaPath}/`) &&
        error.instancePath === union.instancePath &&
        error.keyword !== 'required' &&
        error.keyword !== 'additionalProperties',
    );
  const named = new Map<string, FieldError>();
  for (const error of errors) {
    if (named.size >= MAX_ERRORS) break;
    if (error.keyword === 'if' || isBranch(error)) continue;
    const field = fieldName(error, part);
    const message = messageOf(error);
    named.set(`${field} ${message}`, { field, message });
  }
  return [...named.values()];
}

function fieldName(error: ErrorObject, part: RequestPart): string {
  const { missingProperty, additionalProperty, propertyName } = error.params;
  const last = missingProperty ?? additionalProperty ?? propertyName;
  const pointer = last === undefined ? error.instancePath : `${error.instancePath}/${escapePointer(String(last))}`;
  if (part === 'body') return pointer;
  const name = pointer.slice(1).split('/')[0] ?? '';
  if (part === 'querystring') return `?${name}`;
  return part === 'params' ? `{${name}}` : name;
}

/** A field of a schema: what a text with a `pattern`, or a number, may be, in words that follow "must be". */
const ALLOWED = 'x-allowed';

function messageOf(error: ErrorObject): string {
  const { params, keyword } = error;
  switch (keyword) {
    case 'required':
      return 'is required';
    case 'additionalProperties':
    case 'unevaluatedProperties':
      return 'is not a field that is known here';
    case 'enum':
      return `must be one of ${params.allowedValues.join(', ')}`;
    case 'const':
      return `must be ${JSON.stringify(params.allowedValue)}`;
    case 'type':
      return allowedMessage(error) ?? `must be ${String(params.type).split(',').map(nameOfType).join(' or ')}`;
    case 'format':
      return formatMessage(String(params.format));
    case 'pattern':
      return allowedMessage(error) ?? patternMessage(error);
    case 'anyOf':
    case 'oneOf':
      return unionMessage(error.schema);
    default:
      return limitMessage(keyword, params.limit) ?? error.message ?? 'is not valid';
  }
}

const typeNames = new Map([
  ['integer', 'a whole number'],
  ['number', 'a number'],
  ['string', 'a text'],
  ['boolean', 'true or false'],
  ['object', 'an object'],
  ['array', 'a list'],
]);

const nameOfType = (type: string): string => typeNames.get(type) ?? type;

function formatMessage(format: string): string {
  if (format === 'picture-url') return 'must be an https URL without credentials, or a path below /media/';
  if (format === 'date-time') return 'must be a time with its zone, such as 2026-11-30T12:00:00Z';
  return `must be a valid ${format}`;
}

/** What is allowed, in words: few people read a pattern with ease. */
function allowedMessage({ parentSchema }: ErrorObject): string | undefined {
  const allowed = parentSchema?.[ALLOWED];
  return typeof allowed === 'string' ? `must be ${allowed}` : undefined;
}

function patternMessage({ message, parentSchema }: ErrorObject): string {
  const [example] = Array.isArray(parentSchema?.examples) ? parentSchema.examples : [];
  const text = message ?? 'has the wrong form';
  return example === undefined ? text : `${text}, such as ${example}`;
}

function limitMessage(keyword: string, limit: number): string | undefined {
  switch (keyword) {
    case 'minimum':
      return `must be at least ${limit}`;
    case 'maximum':
      return `must be at most ${limit}`;
    case 'minLength':
      return limit === 1 ? 'must not be empty' : `must have at least ${limit} characters`;
    case 'maxLength':
      return `must have at most ${limit} characters`;
    case 'minItems':
      return limit === 1 ? 'must not be empty' : `must have at least ${limit} items`;
    case 'maxItems':
      return `must have at most ${limit} items`;
    case 'minProperties':
      return limit === 1 ? 'must not be empty' : `must have at least ${limit} fields`;
    case 'maxProperties':
      return `must have at most ${limit} fields`;
    case 'uniqueItems':
      return 'must not have the same item twice';
    default:
      return undefined;
  }
}

function unionMessage(branches: unknown): string {
  const values = Array.isArray(branches) ? branches.map((branch) => branch?.const) : [];
  const allConstant = values.length > 0 && values.every((value) => value !== undefined);
  return allConstant ? `must be one of ${values.join(', ')}` : 'must match one of the shapes that are allowed';
}
