import type { Pool } from '@tradepost/postgres/pool';
import { uuidv7 } from '@tradepost/postgres/uuid';
import type { Page } from 'playwright-core';
import { afterAll, expect, test } from 'vitest';
import { violationsInBothSchemes } from './axe.ts';
import { describeInBrowser, desk } from './browser.ts';
import { chooseMeans, fillGuestCheckout } from './guest-checkout.ts';
import { focusWithin, keyboardOf } from './keyboard.ts';
import { forEveryWidth, openPageHarness } from './page-harness.ts';
import { databaseOf } from './staff.ts';

describeInBrowser('a bank transfer, from the order to the ledger', () => {
  let database: Pool;
  const harness = openPageHarness(async (shop) => {
    database = await databaseOf(shop, 'order');
  });
  afterAll(() => database?.end());

  /** Orders as a guest, to be paid by a transfer; answers the id of the order and its number. */
  async function orderByTransfer(page: Page, title: string): Promise<{ id: string; number: string }> {
    const keyboard = await fillGuestCheckout(harness.shop, page, { title });
    await chooseMeans(keyboard, page, /^Bank transfer/);
    await keyboard.press('button', /^Place the order for/);
    await page.getByRole('heading', { name: 'Transfer the money for your order' }).waitFor();
    const id = new URL(page.url()).pathname.replace('/orders/', '');
    return { id, number: (await page.locator('h1 + p code').textContent()) ?? '' };
  }

  test('shows amount and reference, and is marked as paid by an operator, who sees the ledger', () =>
    forEveryWidth(async (look, index) => {
      const shopper = await harness.openVisit(look);
      const { page } = shopper;
      const { id, number } = await orderByTransfer(page, 'Transferred jug');
      const payment = page.getByRole('region', { name: 'Payment' });
      for (const text of ['€20.00', number, 'This shop is a trial: transfer nothing']) {
        await payment.getByText(text).first().waitFor();
      }
      expect(await violationsInBothSchemes(page)).toEqual([]);
      // The widths share one clipboard.
      if (index === 0) {
        await shopper.context.grantPermissions(['clipboard-read', 'clipboard-write']);
        await keyboardOf(page).press('button', 'Copy the reference');
        await page.getByText('Copied the reference').waitFor();
        expect(await page.evaluate('navigator.clipboard.readText()')).toBe(number);
      }
      const operator = await harness.openVisit(look, { as: 'admin', to: `/control/orders/${id}` });
      const keyboard = keyboardOf(operator.page);
      await operator.page.getByText('a bank transfer is awaited').waitFor();
      expect(await violationsInBothSchemes(operator.page)).toEqual([]);
      await keyboard.press('button', 'Mark as paid');
      const dialog = operator.page.getByRole('dialog', { name: `Mark as paid: order ${number}` });
      await focusWithin(dialog);
      await dialog.getByText('Has all of it, €20.00, come?').waitFor();
      await keyboard.press('button', 'Mark €20.00 as paid', { within: dialog });
      await dialog.waitFor({ state: 'detached' });
      const ledger = operator.page.getByRole('region', { name: 'Ledger of the order' });
      await ledger.getByRole('row', { name: /Payment captured Customer payments Provider balance €20\.00/ }).waitFor();
      await keyboard.to('region', 'Ledger of the order');
      expect(await violationsInBothSchemes(operator.page)).toEqual([]);
      await page.getByRole('heading', { name: 'Thank you. It is yours' }).waitFor();
      expect([shopper.complaints(), operator.complaints()]).toEqual([[], []]);
    }));

  test('that a provider’s books contradict is a difference until an operator resolves it', async () => {
    const numbers: string[] = [];
    await forEveryWidth(async (look) => {
      const shopper = await harness.openVisit(look);
      const { id, number } = await orderByTransfer(shopper.page, 'Disputed jug');
      numbers.push(number);
      await database.query({
        text: `insert into payment_difference (id, order_id, found_at, description, ledger, provider)
          values ($1, $2, now(), 'The provider knows of no payment', '{"captured": 2000}', '{"captured": 0}')`,
        values: [uuidv7(), id],
      });
      const { page, complaints } = await harness.openVisit(look, { as: 'admin', to: '/control/reconciliation' });
      const keyboard = keyboardOf(page);
      await page.getByText(/^Not balanced: \d differences?$/).waitFor();
      const row = page.getByRole('row', { name: new RegExp(number) });
      await row.getByText('captured 2000').waitFor();
      expect(await violationsInBothSchemes(page)).toEqual([]);
      await keyboard.press('button', `Resolve the difference of order ${number}`);
      const dialog = page.getByRole('dialog', { name: `Resolve the difference of order ${number}?` });
      await focusWithin(dialog);
      await keyboard.press('button', 'Resolve', { within: dialog });
      await row.waitFor({ state: 'detached' });
      await focusWithin(page.getByRole('main'));
      expect(complaints()).toEqual([]);
    });
    const { page } = await harness.openVisit(desk, { as: 'admin', to: '/control/reconciliation' });
    await page.getByText('All balanced').waitFor();
    await page.getByRole('region', { name: 'Balances of the accounts' }).getByText('Provider balance').waitFor();
    expect(numbers.length).toBe(2);
    expect(await violationsInBothSchemes(page)).toEqual([]);
  });
});
