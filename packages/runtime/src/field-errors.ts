import type { FieldError } from '@tradepost/contracts/problem';
import type { ErrorObject } from 'ajv';
import { escapePointer } from './json.ts';

/** The parts of a request that have schemas. */
export type RequestPart = 'params' | 'body' | 'querystring' | 'headers';

/** More errors than this are not worth reading, nor writing. */
export const MAX_ERRORS = 100;

/** Ajv's errors as fields and messages; the branches of a union that failed are told as one. */
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
    case 'format':
      if (params.format === 'picture-url') return 'must be an https URL without credentials, or a path below /media/';
      return `must be a valid ${params.format}`;
    case 'minLength':
      return params.limit === 1 ? 'must not be empty' : (error.message ?? 'is too short');
    case 'anyOf':
    case 'oneOf':
      return unionMessage(error.schema);
    default:
      return error.message ?? 'is not valid';
  }
}

function unionMessage(branches: unknown): string {
  const values = Array.isArray(branches) ? branches.map((branch) => branch?.const) : [];
  const allConstant = values.length > 0 && values.every((value) => value !== undefined);
  return allConstant ? `must be one of ${values.join(', ')}` : 'must match one of the shapes that are allowed';
}
