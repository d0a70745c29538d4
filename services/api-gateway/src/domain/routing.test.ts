import { describe, expect, test } from 'vitest';
import { findRoute, isSignIn } from './routing.ts';

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
    ['/api/v1/admin/notification/mails', 'notification'],
    ['/api/v1/mail/bounces', 'notification'],
    ['/mail', 'notification'],
    ['/mail/1', 'notification'],
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

test('isSignIn', () => {
  expect(isSignIn('/api/v1/auth/sign-in/email')).toBe(true);
  expect(isSignIn('/api/v1/auth/sign-up/email')).toBe(true);
  expect(isSignIn('/api/v1/auth/sign-out')).toBe(false);
  expect(isSignIn('/api/v1/auth/sign-information')).toBe(false);
});
