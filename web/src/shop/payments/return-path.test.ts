import { expect, test } from 'vitest';
import { bankPageOf, returnPathOf } from './return-path.ts';

const origin = 'https://shop.example';
const returns = (text: string) => returnPathOf(new URLSearchParams({ return: text }), origin);

test('the test bank goes back to paths of the shop', () => {
  expect(returns('/orders/1?token=a_b')).toBe('/orders/1?token=a_b');
  expect(returns(`${origin}/orders/1`)).toBe('/orders/1');
  expect(returnPathOf(new URLSearchParams(), origin)).toBeUndefined();
});

test.each([
  'https://elsewhere.example/orders/1',
  '//elsewhere.example',
  '/\\elsewhere.example',
  '/\t/elsewhere.example',
  'javascript:alert(1)',
  'https://shop.example.elsewhere.example/',
  'http://shop.example/',
])('and to no other place: %s', (text) => {
  expect(returns(text)).toBeUndefined();
});

test('the test bank gets the address to return to, another bank does not', () => {
  const path = '/orders/1?token=secret';
  expect(bankPageOf('/sandbox/payments/1', path, origin)?.href).toBe(
    `${origin}/sandbox/payments/1?return=%2Forders%2F1%3Ftoken%3Dsecret`,
  );
  expect(bankPageOf('https://bank.example/3ds?id=1', path, origin)?.href).toBe('https://bank.example/3ds?id=1');
  expect(bankPageOf('javascript:alert(1)', path, origin)).toBeUndefined();
  expect(bankPageOf('http://bank.example/', path, origin)).toBeUndefined();
});
