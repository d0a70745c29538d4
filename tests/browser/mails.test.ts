import { expect, test } from 'vitest';
import { violationsInBothSchemes } from './axe.ts';
import { describeInBrowser } from './browser.ts';
import { focusWithin, keyboardOf } from './keyboard.ts';
import { forEveryWidth, openPageHarness } from './page-harness.ts';
import { apiAs } from './shop.ts';
import { buy } from './staff.ts';

describeInBrowser('the mails of an order', () => {
  const harness = openPageHarness();

  test('are read by an operator, who sends one again', () =>
    forEveryWidth(async (look) => {
      const id = await buy(await apiAs(harness.shop, 'customer'), [{ sku: 'MUG-MOSS', quantity: 1 }]);
      const { page, complaints } = await harness.openVisit(look, { as: 'admin', to: `/control/orders/${id}` });
      const keyboard = keyboardOf(page);
      await keyboard.press('link', 'Mails of this order');
      const confirmed = page.getByRole('row', { name: /Your order T-\d+ is confirmed.*kept: no mail server/ });
      await confirmed.waitFor();
      await page.getByRole('row', { name: /New order T-\d+/ }).waitFor();
      expect(await violationsInBothSchemes(page)).toEqual([]);
      await keyboard.press('button', /^Open: Your order T-\d+ is confirmed/);
      const dialog = page.getByRole('dialog', { name: /^Your order T-\d+ is confirmed/ });
      await focusWithin(dialog);
      await dialog.getByText('Speckled Stoneware Mug, Moss').waitFor();
      expect(await violationsInBothSchemes(page)).toEqual([]);
      await keyboard.press('button', 'Send again', { within: dialog });
      await dialog.waitFor({ state: 'detached' });
      await page.getByText(/^The mail is sent again to /).waitFor();
      await expect.poll(() => confirmed.count()).toBe(2);
      expect(complaints()).toEqual([]);
    }));
});
