import { expect, test } from 'vitest';
import { mergeOpenApi } from './openapi-merge.ts';

const head = { title: 'Tradepost', version: '1', description: '', servers: [{ url: '/' }] };
const problem = { type: 'object', properties: { code: { type: 'string' } } };

const product = {
  name: 'product',
  document: {
    openapi: '3.1.0',
    tags: [{ name: 'catalogue' }],
    paths: {
      '/api/v1/products': { get: { operationId: 'list', responses: { 200: { $ref: '#/components/responses/Page' } } } },
      '/internal/export': { get: { responses: {} } },
      '/openapi.json': { get: { responses: {} } },
    },
    components: {
      schemas: { Problem: problem, Item: { type: 'object', title: 'product' } },
      responses: { Page: { description: 'ok', content: { j: { schema: { $ref: '#/components/schemas/Item' } } } } },
    },
  },
};
const order = {
  name: 'order',
  document: {
    openapi: '3.1.0',
    security: [{ bearer: [] }],
    paths: {
      '/api/v1/orders': {
        parameters: [],
        get: {
          operationId: 'list',
          responses: { 200: { content: { j: { schema: { $ref: '#/components/schemas/Item' } } } } },
        },
      },
    },
    components: {
      schemas: {
        Problem: problem,
        Item: { type: 'object', title: 'order', items: { $ref: '#/components/schemas/Item' } },
      },
    },
  },
};

test('joins documents and leaves out what is not reachable', () => {
  const merged = mergeOpenApi(head, [product, order]);
  expect(Object.keys(Object(merged.paths))).toEqual(['/api/v1/products', '/api/v1/orders']);
  expect(merged).toMatchObject({ openapi: '3.1.0', servers: [{ url: '/' }], tags: [{ name: 'catalogue' }] });
});

test('keeps equal components once and renames those that differ, with their references', () => {
  const merged = mergeOpenApi(head, [product, order]);
  expect(merged).toMatchObject({
    components: {
      schemas: {
        Problem: problem,
        Item: { title: 'product' },
        'order.Item': { title: 'order', items: { $ref: '#/components/schemas/order.Item' } },
      },
    },
    paths: {
      '/api/v1/products': { get: { operationId: 'list', tags: ['product'] } },
      '/api/v1/orders': {
        parameters: [],
        get: {
          operationId: 'order_list',
          tags: ['order'],
          security: [{ bearer: [] }],
          responses: { 200: { content: { j: { schema: { $ref: '#/components/schemas/order.Item' } } } } },
        },
      },
    },
  });
});

test('the same parts give the same text, and are not changed', () => {
  const before = JSON.stringify([product, order]);
  expect(JSON.stringify(mergeOpenApi(head, [product, order]))).toBe(
    JSON.stringify(mergeOpenApi(head, [product, order])),
  );
  expect(JSON.stringify([product, order])).toBe(before);
});

test('takes any JSON for a document', () => {
  expect(mergeOpenApi(head, [{ name: 'x', document: { paths: [], components: null, tags: 'x' } }]).paths).toEqual({});
});
