import { expect, test } from 'vitest';
import { trackingUrl } from './carriers.ts';

test.each([
  ['DHL', 'www.dhl.com'],
  ['dhl paket', 'www.dhl.com'],
  ['DHL-Express', 'www.dhl.com'],
  ['DPD', 'tracking.dpd.de'],
  ['GLS Germany', 'gls-group.eu'],
  ['Hermes', 'www.myhermes.de'],
  ['UPS', 'www.ups.com'],
  ['FedEx', 'www.fedex.com'],
  ['USPS', 'tools.usps.com'],
  ['Royal Mail', 'www.royalmail.com'],
  ['La Poste', 'www.laposte.fr'],
  ['La Poste Suisse', 'service.post.ch'],
  ['PostNL', 'jouw.postnl.nl'],
  ['Swiss Post', 'service.post.ch'],
  ['Österreichische Post AG', 'www.post.at'],
  ['Austrian Post', 'www.post.at'],
])('%s has a page about the parcel', (carrier, host) => {
  const url = new URL(trackingUrl(carrier, ' 0034 0434.1234 ') ?? '');
  expect([url.protocol, url.host]).toEqual(['https:', host]);
  expect(url.href).toContain('003404341234');
});

test.each([
  ['My cousin', '12345678'],
  ['Upstream Couriers', '12345678'],
  ['', '12345678'],
  [undefined, '12345678'],
  ['DHL', undefined],
  ['DHL', ''],
  ['DHL', 'ask me'.repeat(20)],
  ['DHL', 'javascript:alert(1)'],
  ['DHL', '../../evil?x=1'],
])('%o with %o is text only', (carrier, number) => {
  expect(trackingUrl(carrier, number)).toBeUndefined();
});
