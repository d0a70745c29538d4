import { describe, expect, test } from 'vitest';
import { normalizeTarget } from './request-target.ts';

const host = 'shop.example';
const normal = (target: string) => normalizeTarget(target, host);

describe('normalizeTarget', () => {
  test.each([
    ['/', '/'],
    ['/api/v1/products', '/api/v1/products'],
    ['/api/v1/products?q=a%2Fb&x=..//.', '/api/v1/products?q=a%2Fb&x=..//.'],
    ['/api/v1/auth/%73ign-in/email', '/api/v1/auth/sign-in/email'],
    ['/api/v1/auth/%73%69gn%2Din/email', '/api/v1/auth/sign-in/email'],
    ['/api/v1/./auth/x/../sign-in/email', '/api/v1/auth/sign-in/email'],
    ['/api/v1/%2e/auth/x/%2E%2e/sign-in/email', '/api/v1/auth/sign-in/email'],
    ['//api///v1/auth//sign-in/email', '/api/v1/auth/sign-in/email'],
    ['/../../api/v1/products', '/api/v1/products'],
    ['/products/caf%c3%a9', '/products/caf%C3%A9'],
    ['/products/100%25-wool', '/products/100%25-wool'],
    ['/search?q=100%', '/search?q=100%'],
    ['/a/b/..', '/a/'],
    ['/a/.', '/a/'],
    ['/...', '/...'],
    ['http://shop.example/api/v1/products?limit=1', '/api/v1/products?limit=1'],
    ['HTTP://SHOP.example:80/api/v1/%70roducts', '/api/v1/products'],
    ['http://shop.example?limit=1', '/?limit=1'],
    ['http://shop.example', '/'],
  ])('%s is %s', (target, expected) => {
    expect(normal(target)).toEqual({ target: expected, problem: undefined });
  });

  test('the normal form of a normal form is itself', () => {
    for (const target of ['/a/%2e%2e/b//c', '/caf%c3%a9', '//x', '/a/..']) {
      const once = normal(target);
      expect(normal(once.target)).toEqual(once);
    }
  });

  test.each([
    '',
    '*',
    'api/v1/products',
    '/api/v1/products/%',
    '/api/v1/products/%2',
    '/api/v1/products/%zz',
    '/api/v1/products/%ff',
    '/api/v1/products/%c0%af',
    '/api/v1/products%2fmug',
    '/api/v1/products%5Cmug',
    '/api/v1/products\\mug',
    '/api/v1/products/%00',
    '/api/v1/products/a%0d%0ab',
    '/api/v1/products/%7f',
    '/api/v1/products;x=1',
    '/api/v1/products#orders',
    '/api/v1/products/caf\u00e9',
    '/api/v1/products?q=\u00e9',
    '/api/v1/products?q=100%',
    '/api/v1/products?q=%zz',
    '/api/v1/products?q=K%E4se',
    '/api/v1/products?%ff=1',
    '/api/v1/products?q=%c0%af',
    '/api/v1/products?q=%ed%a0%80',
    'http://evil.example/api/v1/products',
    'http://admin@shop.example/api/v1/products',
    'http://shop.example:81/api/v1/products',
    'ftp://shop.example/api/v1/products',
  ])('%s is refused', (target) => {
    const { problem, target: routed } = normal(target);
    expect(problem?.code).toBe('malformed_request');
    expect(routed).toMatch(/^\//);
  });

  test('a path of the API does not end with a slash', () => {
    for (const target of ['/api/v1/products/', '/api/v1/products//', '/api/v1/products/%2e', '/api/v1/nothing/?a=1']) {
      expect(normal(target).problem?.code).toBe('not_found');
    }
    expect(normal('/docs/').problem).toBeUndefined();
  });
});
