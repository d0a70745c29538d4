import { Validator } from '@seriousme/openapi-schema-validator';
import { Money } from '@tradepost/contracts/money';
import { OrderStatus } from '@tradepost/contracts/order-status';
import { Problem } from '@tradepost/contracts/problem';
import { Id } from '@tradepost/contracts/shapes';
import { Type } from 'typebox';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { App } from '../src/app.ts';
import { problemResponses, StringEnum } from '../src/schema.ts';
import { json, listeningApp } from './http.ts';

const Order = Type.Object({
  id: Id,
  status: OrderStatus,
  total: Money,
  speed: StringEnum(['slow', 'fast'], { description: 'How fast' }),
  note: Type.Union([Type.String(), Type.Null()]),
  gift: Type.Optional(Type.Union([Money, Type.Null()])),
});

function routes(app: App): void {
  app.get(
    '/api/v1/orders/:id',
    {
      schema: {
        operationId: 'getOrder',
        summary: 'One order',
        tags: ['orders'],
        params: Type.Object({ id: Id }),
        querystring: Type.Object({ expand: Type.Optional(Type.Array(Type.String())) }),
        headers: Type.Object({ 'If-None-Match': Type.Optional(Type.String()) }),
        response: { 200: Order, ...problemResponses('not_found') },
      },
    },
    () => ({
      id: 'x',
      status: 'pending' as const,
      total: { amount: 1, currency: 'EUR', secret: 'never declared' },
      speed: 'slow' as const,
      note: null,
      secret: 'never declared',
    }),
  );
  app.post(
    '/api/v1/orders',
    {
      config: { auth: 'optional', idempotent: 'key' },
      schema: {
        operationId: 'placeOrder',
        tags: ['orders'],
        body: Type.Object({ total: Money, more: Type.Optional(Type.Object({ a: Type.Integer() })) }),
        response: {
          201: Order,
          204: Type.Null(),
          ...problemResponses('price_changed', 'conflict', 'malformed_request'),
        },
      },
    },
    async (_request, reply) => reply.code(204).send(null),
  );
  app.get('/health', { config: { auth: 'none' }, schema: { hide: true } }, () => ({}));
}

let url = '';
let close: () => Promise<void>;
beforeAll(async () => {
  const verifier = {
    verify: async () => ({ accountId: 'a', sessionId: 's', role: 'customer' as const }),
  };
  ({ url, close } = await listeningApp(routes, { verifier }));
});
afterAll(() => close());

type Operation = { requestBody?: unknown; responses: Record<string, { description: string }>; security: unknown };
type Document = {
  openapi: string;
  paths: Record<string, Record<string, Operation>>;
  components: { schemas: Record<string, unknown> };
};

async function readDocument(): Promise<Document> {
  const document = await (await fetch(`${url}/openapi.json`)).json();
  // as: the test looks at its members.
  return document as Document;
}

test('the document is valid OpenAPI 3.1, and says how every operation may fail', async () => {
  const document = await readDocument();
  const result = await new Validator().validate(structuredClone(document));
  expect(result.errors ?? []).toEqual([]);
  expect(result.valid).toBe(true);
  expect(document.openapi).toBe('3.1.0');
  expect(Object.keys(document.paths)).toEqual(['/api/v1/orders/{id}', '/api/v1/orders']);
  const get = document.paths['/api/v1/orders/{id}']?.get;
  expect(Object.keys(get?.responses ?? {})).toEqual(['200', '400', '401', '404', '500', '503']);
  expect(get?.security).toEqual([{ bearer: [] }]);
  const post = document.paths['/api/v1/orders']?.post;
  expect(Object.keys(post?.responses ?? {})).toEqual(['201', '204', '400', '401', '409', '413', '415', '500', '503']);
  expect(post?.security).toEqual([{ bearer: [] }, {}]);
  expect(post?.responses['409']).toEqual({
    description:
      '`price_changed`: The total differs from the expected total. `conflict`: Conflict with the stored data',
    content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
  });
  expect(post?.responses['400']?.description).toMatch(/malformed_request.*validation_failed/);
  expect(document.components.schemas.Problem).toEqual(JSON.parse(JSON.stringify(Problem)));
});

test('closed objects and enumerations are described', async () => {
  const text = JSON.stringify(await readDocument());
  expect(text).toContain('"enum":["pending","reserved","awaiting_payment"');
  expect(text).toContain('"enum":["slow","fast"]');
  expect(text).not.toContain('"const"');
  expect(text).toMatch(/"requestBody":.*"additionalProperties":false/);
});

test('answers have only what their schemas have', async () => {
  const headers = { authorization: 'Bearer x' };
  const response = await fetch(`${url}/api/v1/orders/01980a7e-5b1c-7c3e-9a52-3f4f1c0a9d11`, { headers });
  expect(await response.json()).toEqual({
    id: 'x',
    status: 'pending',
    total: { amount: 1, currency: 'EUR' },
    speed: 'slow',
    note: null,
  });
});

test('bodies are closed all the way down', async () => {
  const body = { total: { amount: 1, currency: 'EUR' }, more: { a: 1, b: 2 } };
  const response = await fetch(`${url}/api/v1/orders`, json(body));
  expect(await response.json()).toMatchObject({ errors: [{ field: '/more/b' }] });
});

test('an operation of the API without a name cannot be declared', async () => {
  const nameless = (app: App) => app.get('/api/v1/x', { config: { auth: 'none' } }, () => ({}));
  await expect(listeningApp(nameless)).rejects.toThrow('has no schema.operationId');
});

test('every request body states its limit in bytes, and is refused above it', async () => {
  const { paths } = await readDocument();
  expect(paths['/api/v1/orders']?.post?.requestBody).toMatchObject({
    'x-max-body-bytes': 16_384,
    description: 'At most 16,384 bytes',
  });
  const blanks = ' '.repeat(16_384);
  const answer = await fetch(`${url}/api/v1/orders`, json(`{}${blanks}`));
  expect(answer.status).toBe(413);
});
