import fastJsonStringify from 'fast-json-stringify';

type JsonSchema = Record<string, unknown>;
type Serialize = (data: unknown) => string;

/**
 * Makes the serialisers of responses, for Fastify's `serializerCompiler`. A serialiser is compiled when it is first
 * used. It writes only what the schema has, so that nothing leaves that was not declared.
 */
export function createSerializerCompiler(): (route: { schema: unknown }) => Serialize {
  return ({ schema }) => {
    let serialize: Serialize | undefined;
    return (data) => {
      serialize ??= compile(schema);
      return serialize(data);
    };
  };
}

function compile(schema: unknown): Serialize {
  const serialize: unknown = fastJsonStringify(isSchema(schema) ? simplified(schema) : {});
  if (typeof serialize !== 'function') throw new TypeError('fast-json-stringify gave no function');
  return (data) => serialize(data);
}

/**
 * The same schema as far as writing goes, without what makes fast-json-stringify validate while it writes: a union of
 * constants of one type is written as that type, and `T | null` as a nullable T.
 */
export function simplified(schema: object): object {
  const options = 'anyOf' in schema ? schema.anyOf : undefined;
  if (Array.isArray(options) && options.every(isSchema)) {
    const type = constantType(options);
    if (type) return { type };
    const [only, ...others] = options.filter((option) => option.type !== 'null');
    if (only && others.length === 0 && options.length === 2 && typeof only.type === 'string') {
      return { ...simplified(only), nullable: true };
    }
  }
  return Object.fromEntries(
    Object.entries(schema).map(([key, value]) => [
      key,
      isContainer(key) ? simplifiedMap(value) : simplifiedValue(value),
    ]),
  );
}

/** Keywords whose value maps names to schemas. */
function isContainer(key: string): boolean {
  return key === 'properties' || key === 'patternProperties' || key === 'definitions' || key === '$defs';
}

function simplifiedMap(value: unknown): unknown {
  if (!isSchema(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([name, schema]) => [name, simplifiedValue(schema)]));
}

function simplifiedValue(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(simplifiedValue);
  return isSchema(value) ? simplified(value) : value;
}

function constantType(options: JsonSchema[]): 'string' | 'number' | 'boolean' | undefined {
  const types = new Set(options.map((option) => (option.const === undefined ? 'none' : typeof option.const)));
  const [type] = types;
  if (types.size !== 1) return undefined;
  return type === 'string' || type === 'number' || type === 'boolean' ? type : undefined;
}

function isSchema(value: unknown): value is JsonSchema {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
