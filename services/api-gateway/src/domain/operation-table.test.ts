import { expect, test } from 'vitest';
import { createOperationTable } from './operation-table.ts';

const table = createOperationTable([
  {
    paths: {
      '/api/v1/orders': {
        get: {},
        post: { 'x-idempotency': 'with-key', requestBody: { 'x-max-body-bytes': 65_536 } },
      },
      '/api/v1/orders/{id}/cancel': { post: { 'x-idempotency': 'always' } },
      '/api/v1/products/{id}': { patch: { 'x-idempotency': 'never', requestBody: {} }, delete: {} },
    },
  },
  { paths: { '/api/v1/auth/api-keys': { post: { 'x-idempotency': 'never' } } } },
]);

test.each([
  ['GET', '/api/v1/orders', 'always'],
  ['HEAD', '/api/v1/anything', 'always'],
  ['POST', '/api/v1/orders', 'with-key'],
  ['POST', '/api/v1/orders/0199/cancel', 'always'],
  ['POST', '/api/v1/orders/0199/cancel/more', 'never'],
  ['POST', '/api/v1/auth/api-keys', 'never'],
  ['PATCH', '/api/v1/products/1', 'never'],
  // The method alone is no declaration.
  ['DELETE', '/api/v1/products/1', 'never'],
  ['PUT', '/api/v1/unknown', 'never'],
  ['PROPFIND', '/api/v1/orders', 'never'],
])('%s %s is idempotent %s', (method, path, expected) => {
  expect(table.idempotencyOf(method, path)).toBe(expected);
});

test.each([
  ['POST', '/api/v1/orders', 65_536],
  // It declares a body, but no limit.
  ['PATCH', '/api/v1/products/1', undefined],
  // It declares no body.
  ['DELETE', '/api/v1/products/1', 1_024],
  ['GET', '/api/v1/orders', 1_024],
  ['POST', '/api/v1/unknown', undefined],
])('%s %s accepts a body of %s bytes', (method, path, expected) => {
  expect(table.bodyLimitOf(method, path)).toBe(expected);
});

test('it knows the methods of a path', () => {
  expect(table.methodsOf('/api/v1/orders')).toEqual(['GET', 'HEAD', 'POST']);
  expect(table.methodsOf('/api/v1/orders/1/cancel')).toEqual(['POST']);
  expect(table.methodsOf('/api/v1/nothing')).toEqual([]);
});

test('before a document has been read only safe methods are idempotent', () => {
  const empty = createOperationTable([]);
  expect(empty.idempotencyOf('GET', '/api/v1/orders')).toBe('always');
  for (const method of ['POST', 'PUT', 'DELETE']) expect(empty.idempotencyOf(method, '/api/v1/orders')).toBe('never');
});
