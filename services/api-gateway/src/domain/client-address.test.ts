import { describe, expect, test } from 'vitest';
import { type Connection, describeClient } from './client-address.ts';

const connection: Connection = {
  remoteAddress: '::ffff:10.0.0.9',
  encrypted: false,
  host: 'shop.example',
  forwardedFor: '6.6.6.6, 203.0.113.7',
  forwardedProto: 'https',
  forwardedHost: 'evil.example',
};

describe('describeClient', () => {
  test('trusts no header unless a proxy in front is trusted', () => {
    expect(describeClient(connection, 0)).toEqual({
      address: '10.0.0.9',
      forwardedFor: '10.0.0.9',
      protocol: 'http',
      host: 'shop.example',
    });
  });

  test('trusts as many entries as there are trusted proxies, from the right', () => {
    expect(describeClient(connection, 1)).toEqual({
      address: '203.0.113.7',
      forwardedFor: '203.0.113.7, 10.0.0.9',
      protocol: 'https',
      host: 'evil.example',
    });
    expect(describeClient({ ...connection, forwardedFor: 'x, 1.1.1.1, 2.2.2.2' }, 2).address).toBe('1.1.1.1');
  });

  test('falls back to the connection when the header is missing or no address', () => {
    expect(describeClient({ ...connection, forwardedFor: undefined }, 1).address).toBe('10.0.0.9');
    expect(describeClient({ ...connection, forwardedFor: 'unknown' }, 1).address).toBe('10.0.0.9');
    expect(describeClient({ ...connection, forwardedProto: 'gopher' }, 1).protocol).toBe('http');
  });

  test('reads ports and brackets', () => {
    expect(describeClient({ ...connection, forwardedFor: '203.0.113.7:1234' }, 1).address).toBe('203.0.113.7');
    expect(describeClient({ ...connection, forwardedFor: '[2001:db8::1]:443' }, 1).address).toBe('2001:db8::1');
  });
});
