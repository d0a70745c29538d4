import type { TSchema } from 'typebox';

/** A JSON Schema keyword of a property; TypeBox types only those that its kind of schema knows. */
export function schemaKeyword(property: TSchema, name: string): unknown {
  return Object.hasOwn(property, name) ? Reflect.get(property, name) : undefined;
}

/** Whether a keyword holds another schema. */
export function isSchema(value: unknown): value is TSchema {
  return typeof value === 'object' && value !== null;
}

/** What a setting must be, in words. */
export function expectedValue(property: TSchema): string {
  const options = literals(property);
  if (options) return `one of ${options.join(', ')}`;
  const type = schemaKeyword(property, 'type');
  const minimum = schemaKeyword(property, 'minimum');
  const maximum = schemaKeyword(property, 'maximum');
  const least = minimum === undefined ? '' : ` of at least ${minimum}`;
  const range = minimum !== undefined && maximum !== undefined ? ` from ${minimum} to ${maximum}` : least;
  const items = schemaKeyword(property, 'items');
  if (type === 'integer') return `an integer${range}`;
  if (type === 'number') return `a number${range}`;
  if (type === 'boolean') return 'true or false';
  if (type === 'array') return `a list, separated by commas${isSchema(items) ? `, each ${expectedValue(items)}` : ''}`;
  if (schemaKeyword(property, 'format') === 'uri') return 'a URL';
  const [example] = asArray(schemaKeyword(property, 'examples'));
  const minLength = schemaKeyword(property, 'minLength');
  if (example !== undefined) return `text like ${example}`;
  return typeof minLength === 'number' && minLength > 1 ? `text of at least ${minLength} characters` : 'text';
}

function literals(property: TSchema): unknown[] | undefined {
  const options = asArray(schemaKeyword(property, 'enum'));
  if (options.length > 0) return options;
  const anyOf = asArray(schemaKeyword(property, 'anyOf'));
  const values = anyOf.map((option) => (isSchema(option) ? schemaKeyword(option, 'const') : undefined));
  return values.length > 0 && values.every((value) => value !== undefined) ? values : undefined;
}

function asArray(value: unknown): unknown[] {
  return Array.isArray(value) ? value : [];
}

/** The description of a setting, in brackets; empty without one. */
export function descriptionHint(property: TSchema): string {
  const description = schemaKeyword(property, 'description');
  return typeof description === 'string' && description !== '' ? ` (${description})` : '';
}
