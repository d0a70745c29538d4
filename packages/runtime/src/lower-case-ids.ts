import type { FuncKeywordDefinition, SchemaValidateFunction } from 'ajv';
import { isSchema, type JsonSchema } from './json-schema.ts';

/** No keyword of ours in published schemas: it is put into those that requests are checked by. */
const LOWER_CASE = 'x-lower-case';

/** Puts a text in small letters in its place. */
export const lowerCaseKeyword: FuncKeywordDefinition = {
  keyword: LOWER_CASE,
  type: 'string',
  schemaType: 'boolean',
  modifying: true,
  compile() {
    const validate: SchemaValidateFunction = (text: string, context) => {
      if (context?.parentData) context.parentData[context.parentDataProperty] = text.toLowerCase();
      return true;
    };
    return validate;
  },
};

/**
 * The same schema, by which ids are read in small letters, as PostgreSQL gives them: a UUID may be written in capital letters too
 * (RFC 9562, section 4), and would be another key of a map than the one that was read from the database.
 */
export function withLowerCaseIds(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(withLowerCaseIds);
  if (!isSchema(schema)) return schema;
  const copy: JsonSchema = {};
  for (const [key, value] of Object.entries(schema)) copy[key] = isData(key) ? value : withLowerCaseIds(value);
  return copy.format === 'uuid' ? { ...copy, [LOWER_CASE]: true } : copy;
}

const isData = (key: string): boolean => key === 'enum' || key === 'const' || key === 'default' || key === 'examples';
