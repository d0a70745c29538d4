import { INPUT_KEYWORD, inputReaders } from '@tradepost/contracts/input';
import { sendRequest } from '@tradepost/testing/shopper';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openInProcess, type Shop } from './shop.ts';

type Json = { [name: string]: unknown };

let document: Json;
let shop: Shop;
beforeAll(async () => {
  shop = await openInProcess();
  document = (await sendRequest(shop.site, 'GET', '/openapi.json')).body;
});
afterAll(() => shop?.stop());

/** Text that nobody writes to be read by others: it is compared, or it is a secret that must stay as it is. */
const notFreeText: Record<string, string> = {
  '?cursor': 'comes from an answer',
  '?q': 'words to search for; whatever they are, the answer is a list',
  '?sku': 'SKUs to look up',
  '?path': 'compared with what is stored',
  '?number': 'read as an order number, whatever is written between its digits',
};

const isObject = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Every schema of a string below a schema, with where it is. */
function stringsOf(schema: unknown, at: string): [string, Json][] {
  if (!isObject(schema)) return [];
  const own: [string, Json][] = schema.type === 'string' ? [[at, schema]] : [];
  const inside = ['properties', 'patternProperties'].flatMap((key) =>
    Object.entries(isObject(schema[key]) ? schema[key] : {}).flatMap(([name, part]) =>
      stringsOf(part, `${at}/${name}`),
    ),
  );
  const lists = ['anyOf', 'oneOf', 'allOf'].flatMap((key) =>
    (Array.isArray(schema[key]) ? schema[key] : []).flatMap((part) => stringsOf(part, at)),
  );
  const parts = ['items', 'additionalProperties'].flatMap((key) => stringsOf(schema[key], `${at}/*`));
  return [...own, ...inside, ...lists, ...parts];
}

/** The strings that a client may write, of every route: in the body, in the query, and with `path` in the path. */
function writtenStrings(places: readonly string[] = ['query']): [string, Json][] {
  return Object.entries(isObject(document.paths) ? document.paths : {}).flatMap(([path, item]) =>
    Object.entries(isObject(item) ? item : {}).flatMap(([method, operation]) => {
      if (!isObject(operation)) return [];
      const name = `${method.toUpperCase()} ${path}`;
      const body = isObject(operation.requestBody) ? operation.requestBody : {};
      const content = Object.values(isObject(body.content) ? body.content : {});
      const parameters = Array.isArray(operation.parameters) ? operation.parameters : [];
      return [
        ...content.flatMap((media) => (isObject(media) ? stringsOf(media.schema, `${name} `) : [])),
        ...parameters
          .filter((parameter) => isObject(parameter) && places.includes(String(parameter.in)))
          .flatMap((parameter) => stringsOf(parameter.schema, `${name} ?${parameter.name}`)),
      ];
    }),
  );
}

/** Whether a schema leaves open what is written: not one of a few values, an id, a time, a secret, or characters of a closed set. */
function isFreeText(at: string, schema: Json): boolean {
  if (schema.enum || schema.const || ['uuid', 'date-time', 'password'].includes(String(schema.format))) return false;
  const isClosed =
    typeof schema.pattern === 'string' && /^\^.*\$$/.test(schema.pattern) && !/\[\^/.test(schema.pattern);
  const isUrl = at.endsWith('/media/*/url');
  return !isClosed && !isUrl && notFreeText[at.split(' ').at(-1) ?? ''] === undefined;
}

it('every text that people write is read by one of the recipes', () => {
  const strings = writtenStrings();
  expect(strings.length).toBeGreaterThan(60);
  const unread = strings
    .filter(([at, schema]) => isFreeText(at, schema) && !Object.hasOwn(inputReaders, String(schema[INPUT_KEYWORD])))
    .map(([at]) => at);
  expect(unread).toEqual([]);
});

it('every id is read in small letters, as what it is compared with is written', () => {
  const ids = writtenStrings(['query', 'path']).filter(([, { format }]) => format === 'uuid');
  expect(ids.length).toBeGreaterThan(40);
  expect(ids.filter(([, schema]) => schema[INPUT_KEYWORD] !== 'id').map(([at]) => at)).toEqual([]);
});

it('every recipe is in use', () => {
  const used = new Set(writtenStrings().map(([, schema]) => schema[INPUT_KEYWORD]));
  for (const kind of Object.keys(inputReaders)) expect(used).toContain(kind);
});
