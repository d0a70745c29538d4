/** A JSON Schema that is an object (and not `true` or `false`). */
export type JsonSchema = Record<string, unknown>;

/**
 * The same schema of a body with every object in it closed: fields that it does not name are refused, unless it says
 * `additionalProperties` (or the like) itself. A misspelt optional field is then an error and not silently ignored.
 */
export function closedBody(schema: unknown): unknown {
  if (!isSchema(schema)) return schema;
  const { content } = schema;
  if (!isSchema(content)) return closed(schema);
  const byType = Object.entries(content).map(([type, media]) => [
    type,
    isSchema(media) ? { ...media, schema: closedBody(media.schema) } : media,
  ]);
  return { ...schema, content: Object.fromEntries(byType) };
}

function closed(schema: JsonSchema): JsonSchema {
  const copy: JsonSchema = { ...schema };
  for (const key of ['anyOf', 'oneOf', 'prefixItems']) {
    const options = schema[key];
    if (Array.isArray(options)) copy[key] = options.map((option) => (isSchema(option) ? closed(option) : option));
  }
  if (isSchema(schema.items)) copy.items = closed(schema.items);
  if (isSchema(schema.properties)) {
    const properties = Object.entries(schema.properties);
    copy.properties = Object.fromEntries(
      properties.map(([name, property]) => [name, isSchema(property) ? closed(property) : property]),
    );
    // The members of an `allOf` only know a part of the object each.
    if (!OPEN_KEYWORDS.some((key) => key in schema)) copy.additionalProperties = false;
  }
  return copy;
}

const OPEN_KEYWORDS = ['additionalProperties', 'unevaluatedProperties', 'patternProperties', 'allOf', '$ref'];

/** True for an object that may be a JSON Schema. */
export function isSchema(value: unknown): value is JsonSchema {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A union of constants of one type as an `enum`, which readers and generators of OpenAPI know better; else the same. */
export function enumerated(schema: unknown): unknown {
  if (!isSchema(schema) || !Array.isArray(schema.anyOf)) return schema;
  const { anyOf, ...rest } = schema;
  const values = schema.anyOf.flatMap((option) => constantsOf(option));
  const types = new Set(values.map((value) => typeof value));
  const [type] = types;
  if (values.length < schema.anyOf.length || types.size !== 1 || type !== 'string') return schema;
  return { ...rest, type, enum: values };
}

function constantsOf(option: unknown): unknown[] {
  if (!isSchema(option)) return [];
  if ('const' in option) return [option.const];
  return Array.isArray(option.enum) && option.enum.length === 1 ? option.enum : [];
}
