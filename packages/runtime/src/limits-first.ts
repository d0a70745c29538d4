import { isSchema, type JsonSchema } from './json-schema.ts';

/** A limit of the size of a value, and the keywords that read all of the value. */
const LIMITS = [
  { limit: 'maxLength', content: ['pattern', 'format'] },
  { limit: 'maxItems', content: ['items', 'prefixItems', 'contains', 'uniqueItems'] },
  { limit: 'maxProperties', content: ['properties', 'patternProperties', 'propertyNames', 'additionalProperties'] },
] as const;

/** How many fields too many of a closed object are named one by one; of an object with more, the error has only their number. */
const MAX_UNKNOWN_FIELDS = 20;

/**
 * The same schema with every limit of size checked before what it limits: a string that is longer than `maxLength` is
 * not matched against its pattern, and the items of an array that has more than `maxItems` are not looked at. A closed
 * object gets a `maxProperties` too. Ajv does so by itself only where it stops at the first error; where it collects all
 * errors, one huge string would be searched by every pattern, and every item of a huge array would get an error.
 */
export function limitsFirst(schema: unknown): unknown {
  if (!isSchema(schema)) return schema;
  const copy = withBoundedFields(mapSubschemas(schema, limitsFirst));
  const conditions: JsonSchema[] = [];
  for (const { limit, content } of LIMITS) {
    const present = content.filter((keyword) => keyword in copy);
    if (!(limit in copy) || present.length === 0) continue;
    conditions.push({
      if: { [limit]: copy[limit] },
      // biome-ignore lint/suspicious/noThenProperty: it is the name of the keyword
      then: Object.fromEntries(present.map((keyword) => [keyword, copy[keyword]])),
    });
    for (const keyword of present) delete copy[keyword];
  }
  if (conditions.length === 0) return copy;
  return { ...copy, allOf: [...(Array.isArray(copy.allOf) ? copy.allOf : []), ...conditions] };
}

function withBoundedFields(schema: JsonSchema): JsonSchema {
  const { properties, additionalProperties, patternProperties, maxProperties } = schema;
  if (additionalProperties !== false || patternProperties !== undefined || maxProperties !== undefined) return schema;
  const known = isSchema(properties) ? Object.keys(properties).length : 0;
  return { ...schema, maxProperties: known + MAX_UNKNOWN_FIELDS };
}

const ONE = ['items', 'additionalProperties', 'propertyNames', 'contains', 'not', 'if', 'then', 'else'];
const LISTS = ['anyOf', 'oneOf', 'allOf', 'prefixItems'];
const MAPS = ['properties', 'patternProperties', '$defs'];

function mapSubschemas(schema: JsonSchema, change: (schema: unknown) => unknown): JsonSchema {
  const copy: JsonSchema = { ...schema };
  for (const key of ONE) if (isSchema(copy[key])) copy[key] = change(copy[key]);
  for (const key of LISTS) {
    const list = copy[key];
    if (Array.isArray(list)) copy[key] = list.map(change);
  }
  for (const key of MAPS) {
    const map = copy[key];
    if (!isSchema(map)) continue;
    copy[key] = Object.fromEntries(Object.entries(map).map(([name, part]) => [name, change(part)]));
  }
  return copy;
}
