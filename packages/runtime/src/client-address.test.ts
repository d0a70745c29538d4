import { describe, expect, test } from 'vitest';
import { forwardedAddresses, networkOf, plainAddress } from './client-address.ts';

describe('forwardedAddresses', () => {
  test('trusts as many entries as there are trusted proxies, from the end', () => {
    expect(forwardedAddresses('203.0.113.7', 1)).toEqual(['203.0.113.7']);
    expect(forwardedAddresses('6.6.6.6, 203.0.113.7', 1)).toEqual(['203.0.113.7']);
    expect(forwardedAddresses('6.6.6.6, 203.0.113.7, 10.0.0.2', 2)).toEqual(['203.0.113.7', '10.0.0.2']);
    expect(forwardedAddresses('203.0.113.7', 3)).toEqual(['203.0.113.7']);
  });

  test('trusts nothing without proxies, without the header, and where something is no address', () => {
    expect(forwardedAddresses('203.0.113.7', 0)).toBeUndefined();
    expect(forwardedAddresses(undefined, 1)).toBeUndefined();
    expect(forwardedAddresses("'; drop table session", 1)).toBeUndefined();
    expect(forwardedAddresses('203.0.113.7, unknown', 2)).toBeUndefined();
    expect(forwardedAddresses('unknown, 203.0.113.7', 1)).toEqual(['203.0.113.7']);
    expect(forwardedAddresses('', 1)).toBeUndefined();
  });
});

test.each([
  ['203.0.113.7', '203.0.113.7'],
  ['203.0.113.7:1234', '203.0.113.7'],
  ['[2001:db8::1]:443', '2001:db8::1'],
  ['[2001:db8::1]', '2001:db8::1'],
  ['::ffff:203.0.113.7', '203.0.113.7'],
  ['::ffff:cb00:7107', '203.0.113.7'],
  ['fe80::1%eth0', 'fe80::1'],
  ['2001:0DB8::0001', '2001:db8::1'],
  ['127.1', undefined],
  ['0x7f000001', undefined],
  ['999.0.0.1', undefined],
  ['localhost', undefined],
  ['', undefined],
])('%s is the address %s', (text, address) => {
  expect(plainAddress(text)).toBe(address);
});

test.each([
  ['203.0.113.7', '203.0.113.7'],
  ['::ffff:203.0.113.7', '203.0.113.7'],
  ['::ffff:cb00:7107', '203.0.113.7'],
  ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
  ['2001:DB8:0001:2::9', '2001:db8:1:2::/64'],
  ['2001:db8::1', '2001:db8:0:0::/64'],
  ['::1', '0:0:0:0::/64'],
  ['fe80::1%eth0', 'fe80:0:0:0::/64'],
  ['1:2:3:4:5:6:7.8.9.10', '1:2:3:4::/64'],
  ['::', '0:0:0:0::/64'],
  ['unix socket', 'unix socket'],
])('the network of %s is %s', (address, network) => {
  expect(networkOf(address)).toBe(network);
});
