import { describe, expect, test } from 'vitest';
import { findRoute, isPlainPath, isPlainQuery, isSignIn, pathOf } from './routing.ts';

describe('findRoute', () => {
  test.each([
    ['/api/v1/products', 'product'],
    ['/api/v1/products/mug', 'product'],
    ['/api/v1/products/imports', 'product'],
    ['/api/v1/categories', 'product'],
    ['/api/v1/stock/MUG-BLUE', 'product'],
    ['/api/v1/admin/product/dead-letters', 'product'],
    ['/api/v1/carts/1/lines/x', 'order'],
    ['/api/v1/orders', 'order'],
    ['/api/v1/orders/1/events', 'order'],
    ['/api/v1/admin/order/dead-letters', 'order'],
    ['/api/v1/auth/token', 'auth'],
    ['/api/v1/admin/auth/accounts', 'auth'],
  ])('%s goes to %s', (path, upstream) => {
    expect(findRoute(path)?.upstream).toBe(upstream);
  });

  test.each([
    '/',
    '/api/v1/productsx',
    '/api/v1/Products',
    '/api/v1/%70roducts',
    '/api/v1/auth',
    '/api/v1/auth/',
    '/api/v1/admin/product',
    '/api/v1/admin/',
    '/internal/products',
    '/api/v1/internal/orders',
    '/api/v2/orders',
    '/xapi/v1/orders',
  ])('%s goes nowhere', (path) => {
    expect(findRoute(path)).toBeUndefined();
  });

  test('imports alone may have bodies of any size', () => {
    expect(findRoute('/api/v1/products/imports')?.unlimitedBody).toBe(true);
    expect(findRoute('/api/v1/products/imports/1')?.unlimitedBody).toBe(true);
    expect(findRoute('/api/v1/products/importsx')?.unlimitedBody).toBe(false);
    expect(findRoute('/api/v1/products')?.unlimitedBody).toBe(false);
  });
});

describe('isPlainPath', () => {
  test.each([
    '/api/v1/products/..',
    '/api/v1/products/../internal',
    '/api/v1/products/./x',
    '/api/v1/products/.',
    '/api/v1//products',
    '//evil/api/v1/products',
    '/api/v1/products/%2e%2e/internal',
    '/api/v1/products/%2E./x',
    '/api/v1/products%2f..%2finternal',
    '/api/v1/products%2Fx',
    '/api/v1/products%5cx',
    '/api/v1/products\\..\\x',
    '/api/v1/products/x%00',
    '/api/v1/products/x%0d%0aX: y',
    '/api/v1/products/x%7f',
    '/api/v1/products/x%252e%252e',
    '/api/v1/products;/../x',
    '/api/v1/products%3b',
    '/api/v1/products#x',
    '/api/v1/products%23',
    '/api/v1/products/%',
    '/api/v1/products/%zz',
    '/api/v1/products/ü',
    'http://evil/api/v1/products',
    '*',
    '',
  ])('refuses %j', (path) => {
    expect(isPlainPath(path)).toBe(false);
  });

  test.each(['/', '/api/v1/products/blue-mug', '/api/v1/stock/A.B_C-1', '/api/v1/products/caf%C3%A9', '/a/...b'])(
    'accepts %j',
    (path) => {
      expect(isPlainPath(path)).toBe(true);
    },
  );
});

test('the query may hold anything that is encoded', () => {
  const plain = (target: string) => isPlainQuery(target, pathOf(target).length);
  expect(plain('/api/v1/products?q=%2e%2e%2f&x=../..//')).toBe(true);
  expect(plain('/api/v1/products')).toBe(true);
  expect(plain('/api/v1/products?q=ü')).toBe(false);
  expect(plain('/api/v1/products?q=#x')).toBe(false);
});

test('isSignIn', () => {
  expect(isSignIn('/api/v1/auth/sign-in/email')).toBe(true);
  expect(isSignIn('/api/v1/auth/sign-up/email')).toBe(true);
  expect(isSignIn('/api/v1/auth/sign-out')).toBe(false);
  expect(isSignIn('/api/v1/auth/sign-information')).toBe(false);
});
