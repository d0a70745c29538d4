export type Schema = { [keyword: string]: unknown };

/** An operation of an OpenAPI document, as far as it says what a request may have. */
export type Operation = {
  name: string;
  method: string;
  path: string;
  security: unknown;
  parameters: { in: string; name: string; schema: Schema }[];
  /** Of JSON; other bodies are streams. */
  body: { schema: Schema; maxBytes: number } | undefined;
};

export const isSchema = (value: unknown): value is Schema =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const objectOf = (value: unknown): Schema => (isSchema(value) ? value : {});
const listOf = (value: unknown): unknown[] => (Array.isArray(value) ? value : []);

/** All operations of a document. */
export function operationsOf(document: unknown): Operation[] {
  return Object.entries(objectOf(objectOf(document).paths)).flatMap(([path, item]) =>
    Object.entries(objectOf(item)).map(([method, value]) => {
      const operation = objectOf(value);
      const requestBody = objectOf(operation.requestBody);
      const json = objectOf(objectOf(requestBody.content)['application/json']).schema;
      const maxBytes = requestBody['x-max-body-bytes'];
      const parameters = listOf(operation.parameters).map(objectOf);
      return {
        name: String(operation.operationId),
        method: method.toUpperCase(),
        path,
        security: operation.security,
        parameters: parameters.map((one) => ({
          in: String(one.in),
          name: String(one.name),
          schema: objectOf(one.schema),
        })),
        body: isSchema(json) && typeof maxBytes === 'number' ? { schema: json, maxBytes } : undefined,
      };
    }),
  );
}

/** Every schema inside of a value, whatever the keyword, with where it is. */
export function* schemasIn(value: unknown, at = ''): Generator<[string, Schema]> {
  if (Array.isArray(value)) for (const [index, part] of value.entries()) yield* schemasIn(part, `${at}/${index}`);
  if (!isSchema(value)) return;
  yield [at, value];
  for (const [key, part] of Object.entries(value)) yield* schemasIn(part, `${at}/${key}`);
}

const SOME_ID = '01980a7e-5b1c-7c3e-9a52-3f4f1c0a9d11';

/** The values of parameters, by name. */
export type Values = Record<string, string>;

/** The URL of an operation; a parameter of the path without a value gets some id. */
export function urlOf({ path, parameters }: Operation, values: Values = {}): string {
  const filled = path.replaceAll(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(values[name] ?? SOME_ID));
  const queried = parameters.filter((one) => one.in === 'query' && values[one.name] !== undefined);
  const query = queried.map(({ name }) => `${name}=${encodeURIComponent(values[name] ?? '')}`).join('&');
  return query === '' ? filled : `${filled}?${query}`;
}
