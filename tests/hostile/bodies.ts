import { fillings } from './fillings.ts';
import { isSchema, type Operation, type Schema } from './openapi.ts';

/** A text of so many UTF-16 units. */
const textOf = (filling: string, units: number): string =>
  filling.repeat(Math.ceil(units / filling.length)).slice(0, units);

/** A character more than the recipes read is too long for every field. */
const READ_BEYOND_MAXIMUM = 1_000;

type Fill = { filling: string; last: string; share: number };

/** A value of a schema with every field and every item that it may have, and all texts as long as they are read. */
function fullest(schema: Schema, fill: Fill, name = ''): unknown {
  const options = [schema.anyOf, schema.oneOf].find(Array.isArray);
  if (Array.isArray(options)) return fullest(options.find(isSchema) ?? {}, fill, name);
  if (Array.isArray(schema.enum)) return schema.enum[0];
  if (schema.const !== undefined) return schema.const;
  if (schema.type === 'object') return fullestObject(schema, fill);
  if (schema.type === 'array') {
    const count = Math.ceil(Number(schema.maxItems ?? 100) * fill.share);
    const items = isSchema(schema.items) ? schema.items : {};
    return Array.from({ length: count }, (_, index) => fullest(items, fill, `${name}${index}`));
  }
  if (schema.type === 'integer' || schema.type === 'number') return schema.maximum ?? 1;
  if (schema.type === 'boolean') return true;
  return schema.type === 'string' ? fullestText(schema, fill, name) : null;
}

function fullestObject(schema: Schema, fill: Fill): Schema {
  const { properties, patternProperties, additionalProperties } = schema;
  const named = Object.entries(isSchema(properties) ? properties : {});
  const fields = named.map(([name, part]) => [name, fullest(isSchema(part) ? part : {}, fill, name)]);
  const values = isSchema(patternProperties) ? Object.values(patternProperties)[0] : additionalProperties;
  const count = isSchema(values) ? Math.ceil(Number(schema.maxProperties ?? 100) * fill.share) : 0;
  const more = Array.from({ length: count }, (_, index) => [
    `k${index}`,
    fullest(isSchema(values) ? values : {}, fill),
  ]);
  return Object.fromEntries([...fields, ...more]);
}

function fullestText(schema: Schema, { filling, last, share }: Fill, name: string): string {
  const readers: Record<string, string> = { country: 'DE', currency: 'EUR', email: 'ada@example.com' };
  const known = readers[String(schema['x-input'])];
  if (known) return known;
  if (schema.format === 'uuid') return '01980a7e-5b1c-7c3e-9a52-3f4f1c0a9d11';
  if (schema.format === 'date-time') return '2036-11-23T10:15:00.000Z';
  if (schema.format === 'picture-url') return `https://pictures.example/${'a'.repeat(Math.floor(1_900 * share))}`;
  if (typeof schema.pattern === 'string')
    return name.startsWith('k') ? name : `a${name.replace(/\W/g, '').toLowerCase()}`;
  const longest = Number(schema.maxLength ?? 1_000);
  return textOf(filling, Math.max(1, Math.floor((2 * longest + READ_BEYOND_MAXIMUM - 1) * share))) + last;
}

/** The largest body of the operation that is made of `make`, by trying smaller and smaller shares. */
function largest(maxBytes: number, make: (share: number) => unknown): string {
  let [fits, tooLarge] = [0, 1];
  let found = JSON.stringify(make(1));
  if (Buffer.byteLength(found) <= maxBytes) return found;
  for (let step = 0; step < 12; step++) {
    const share = (fits + tooLarge) / 2;
    const text = JSON.stringify(make(share));
    if (Buffer.byteLength(text) <= maxBytes) [fits, found] = [share, text];
    else tooLarge = share;
  }
  return Buffer.byteLength(found) <= maxBytes ? found : '{}';
}

/** The same value with one more text in the first field that has one, as long as there is room. */
function withOneLongText(schema: Schema, filling: string, maxBytes: number): string | undefined {
  const properties = Object.entries(isSchema(schema.properties) ? schema.properties : {});
  const name = properties.find(([, part]) => isSchema(part) && part.type === 'string')?.[0];
  if (name === undefined) return undefined;
  const room = maxBytes - Buffer.byteLength(JSON.stringify({ [name]: '' }));
  const bytes = Buffer.byteLength(JSON.stringify(filling)) - 2;
  return JSON.stringify({ [name]: filling.repeat(Math.floor(room / bytes)) });
}

const repeated = (text: string, maxBytes: number, around: [string, string]): string =>
  around[0] + text.repeat(Math.floor((maxBytes - around[0].length - around[1].length) / text.length)) + around[1];

/** JSON of so many bytes as clients send it: fields with short texts, numbers and truth values. */
export function ordinaryBody(bytes: number): Buffer {
  const line = '{"sku":"MUG-BLUE","title":"Ordinary text, as people write it.","quantity":2,"isGift":false},';
  return Buffer.from(repeated(line, bytes, ['[', '{}]']));
}

/** Bodies of any route: shapes that cost much to parse or to check, whatever the schema. */
function shapesOf(maxBytes: number): Record<string, string> {
  const keys = (count: number) =>
    JSON.stringify(Object.fromEntries(Array.from({ length: count }, (_, i) => [`k${i}`, 1])));
  const nested = (depth: number) =>
    '{"a":'.repeat(depth) + repeated('1,', maxBytes - 7 * depth, ['[', '1]']) + '}'.repeat(depth);
  return {
    'many numbers': repeated('1,', maxBytes, ['[', '1]']),
    'many empty objects': repeated('{},', maxBytes, ['[', '{}]']),
    'unknown fields': keys(Math.floor(maxBytes / 11)),
    '200 unknown fields': keys(200),
    'one unknown field with a long name': `{"${'k'.repeat(maxBytes - 10)}":1}`,
    'only brackets': '['.repeat(maxBytes),
    'deep and wide': nested(20),
    'U+0000 as escapes': repeated('\\u0000', maxBytes, ['["', '"]']),
    'halves of pairs as escapes': repeated('\\ud800', maxBytes, ['["', '"]']),
    'escaped letters': repeated('\\u0061', maxBytes, ['{"title":"', '"}']),
    backslashes: repeated('\\\\', maxBytes, ['{"name":"', '"}']),
    '9,000 texts with escapes': repeated('"\\u0000",', Math.min(maxBytes, 80_000), ['[', '""]']),
    blanks: repeated(' ', maxBytes, ['{', '}']),
    'a long number': repeated('1', maxBytes, ['{"quantity":', '}']),
  };
}

/** The largest bodies of an operation, by what is in them. */
export function bodiesOf({ schema, maxBytes }: NonNullable<Operation['body']>): Map<string, string> {
  const bodies = new Map(Object.entries(shapesOf(maxBytes)));
  for (const [name, filling] of Object.entries(fillings)) {
    bodies.set(
      `${name}, everywhere`,
      largest(maxBytes, (share) => fullest(schema, { filling, last: '', share })),
    );
    const long = withOneLongText(schema, filling, maxBytes);
    if (long !== undefined) bodies.set(`${name}, in one field`, long);
  }
  for (const last of ['\u0007', '\u009f', '\ufffd', '\u202e']) {
    const filling = fillings['ordinary text'] ?? '';
    const make = (share: number) => fullest(schema, { filling, last, share });
    bodies.set(`text that ends in ${JSON.stringify(last)}`, largest(maxBytes, make));
  }
  return bodies;
}
