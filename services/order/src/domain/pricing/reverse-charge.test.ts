import { expect, it } from 'vitest';
import { noShopSettings } from '../shop-settings.ts';
import { readVatId, type VatId } from '../vat-id.ts';
import { mayBeReverseCharged } from './reverse-charge.ts';

const german = { ...noShopSettings, country: 'DE', vatId: 'DE136695976', reverseCharge: true };
const austria = { country: 'AT' };
const id = (value: string): VatId => readVatId(value) ?? expect.fail(`${value} is a VAT id`);
const austrian = id('ATU13585627');

it('is for goods that go to another member state, with a VAT id of that state', () => {
  expect(mayBeReverseCharged(german, austria, austrian)).toBe(true);
  expect(mayBeReverseCharged(german, { country: 'GR' }, id('EL094259216'))).toBe(true);
});

it.each([
  ['the shop does not use it', { ...german, reverseCharge: false }, austria, austrian],
  ['the shop is outside of the EU', { ...german, country: 'CH' }, austria, austrian],
  ['the goods stay in the country of the shop', german, { country: 'DE' }, id('DE811569869')],
  ['the goods leave the EU', german, { country: 'CH' }, austrian],
  ['the id is of another country than the destination', german, { country: 'FR' }, austrian],
  ['the destination is not known', german, null, austrian],
])('is not used where %s', (_, shop, destination, vatId) => {
  expect(mayBeReverseCharged(shop, destination, vatId)).toBe(false);
});
