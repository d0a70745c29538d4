import { describe, expect, it } from 'vitest';
import { cancelOrder } from '../src/actions/cancel-order.ts';
import { listInvoices } from '../src/store/invoices.ts';
import { admin, card, ctx, documents, issue, named, setShop, sold, useInvoicing } from './invoicing.ts';

useInvoicing();

describe('an invoice', () => {
  it('has the days and years of the time zone of the shop, and a move to another zone keeps the year', async () => {
    const at = async (now: string, timeZone: string) => {
      ctx.now = () => new Date(now);
      await setShop({ ...named, timeZone });
      const id = await sold();
      await issue();
      return (await documents(id)).map(({ number, issuedOn }) => [number, issuedOn]);
    };
    expect(await at('2026-12-31T23:30:00Z', 'Europe/Berlin')).toEqual([['INV-2027-000001', '2027-01-01']]);
    expect(await at('2026-12-31T23:40:00Z', 'America/New_York')).toEqual([['INV-2027-000002', '2027-01-01']]);
    expect(await at('2027-01-02T03:00:00Z', 'America/New_York')).toEqual([['INV-2027-000003', '2027-01-01']]);
    const days = async (from: string, to: string) => {
      const found = await listInvoices(ctx.pool, { from, to, after: null, limit: 10 });
      return found.map(({ content }) => content.number);
    };
    expect(await days('2026-01-01', '2026-12-31')).toEqual([]);
    expect(await days('2027-01-01', '2027-01-01')).toEqual(['INV-2027-000001', 'INV-2027-000002', 'INV-2027-000003']);
    expect(await days('2027-01-02', '9999-12-31')).toEqual([]);
  });

  it('is written in the language of the buyer, or else of the shop, and so are its credit notes', async () => {
    await setShop({ ...named, language: 'de' });
    const [known, unknown] = [await sold(card, 'fr'), await sold()];
    for (const id of [known, unknown]) await cancelOrder(ctx, admin, id);
    await issue();
    const said = async (id: string) =>
      (await documents(id)).map(({ locale, lines, reason }) => [locale, lines[0]?.taxName, reason]);
    expect(await said(known)).toEqual([
      ['fr', 'Sans taxe', null],
      ['fr', 'Sans taxe', 'La commande a été annulée'],
    ]);
    expect(await said(unknown)).toEqual([
      ['de', 'Ohne Steuer', null],
      ['de', 'Ohne Steuer', 'Die Bestellung wurde storniert'],
    ]);
  });
});
