import { expect, test } from 'vitest';
import { deviceOf, userAgentFamily } from './device.ts';

test.each([
  ['Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0', 'Firefox'],
  ['Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0 Safari/537.36', 'Chrome'],
  ['Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0 Safari/537.36 Edg/142.0', 'Edg'],
  ['Mozilla/5.0 (iPhone) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/19.0 Safari/604.1', 'Safari'],
  ['curl/8.16.0', 'curl'],
  ['', ''],
  [undefined, ''],
])('the family of %s is %s', (userAgent, family) => {
  expect(userAgentFamily(userAgent)).toBe(family);
});

test.each([
  ['203.0.113.7', 'a curl 203.0.113.0/24'],
  ['::ffff:203.0.113.7', 'a curl 203.0.113.0/24'],
  ['2001:db8:1:2::1', 'a curl 2001:db8:1::/48'],
  ['', 'a curl '],
])('the device of an account at %s is %s', (address, device) => {
  expect(deviceOf('a', 'curl/8.16.0', address)).toBe(device);
});
