import { unsubscribeKeys, unsubscribeToken } from '@tradepost/notification/domain/unsubscribe-token';
import { expect, test } from 'vitest';
import { objectionsInBothSchemes } from './axe.ts';
import { describeInBrowser } from './browser.ts';
import { focusWithin, keyboardOf } from './keyboard.ts';
import { apiAs, mailKey } from './shop.ts';
import { buy } from './staff.ts';
import { forEveryWidth, openStage } from './stage.ts';

describeInBrowser('the mails of an order', () => {
  const stage = openStage();

  test('are read by an operator, who sends one again', () =>
    forEveryWidth(async (look) => {
      const id = await buy(await apiAs(stage.shop, 'customer'), [{ sku: 'MUG-MOSS', quantity: 1 }]);
      const { page, complaints } = await stage.come(look, { as: 'admin', to: `/control/orders/${id}` });
      const keyboard = keyboardOf(page);
      await keyboard.press('link', 'Mails of this order');
      const confirmed = page.getByRole('row', { name: /Your order T-\d+ is confirmed.*kept: no mail server/ });
      await confirmed.waitFor();
      await page.getByRole('row', { name: /New order T-\d+/ }).waitFor();
      expect(await objectionsInBothSchemes(page)).toEqual([]);
      await keyboard.press('button', /^Open: Your order T-\d+ is confirmed/);
      const dialog = page.getByRole('dialog', { name: /^Your order T-\d+ is confirmed/ });
      await focusWithin(dialog);
      await dialog.getByText('Speckled Stoneware Mug, Moss').waitFor();
      expect(await objectionsInBothSchemes(page)).toEqual([]);
      await keyboard.press('button', 'Send again', { within: dialog });
      await dialog.waitFor({ state: 'detached' });
      await page.getByText(/^The mail is sent again to /).waitFor();
      await expect.poll(() => confirmed.count()).toBe(2);
      expect(complaints()).toEqual([]);
    }));
});

describeInBrowser('the mail settings', () => {
  const stage = openStage();

  test('are changed by a seller, and the link in a mail ends mails of its kind at the press of a button', () =>
    forEveryWidth(async (look) => {
      // The demo's seller gets mails that other tests wait for.
      const { page, complaints } = await stage.come(look, { to: '/sign-up' });
      await page.getByLabel('Name').fill('Bob');
      const email = `${crypto.randomUUID()}@example.com`;
      await page.getByLabel('E-mail').fill(email);
      await page.getByLabel('Password', { exact: true }).fill('correct horse battery');
      await page.getByRole('button', { name: 'Create the account' }).click();
      await page.waitForURL((url) => url.pathname === '/');
      const admin = await apiAs(stage.shop, 'admin');
      const query = `email=${encodeURIComponent(email)}`;
      const id = (await admin('GET', `/api/v1/auth/admin/accounts?${query}`)).body.items[0].id;
      await admin('PUT', `/api/v1/auth/admin/accounts/${id}/role`, { body: { role: 'seller' } });
      await page.goto('/account/mails');
      await page.reload();
      const keyboard = keyboardOf(page);
      expect(await page.getByLabel('Language of your mails').inputValue()).toBe('en');
      await page.getByLabel('Language of your mails').selectOption('Français');
      await keyboard.press('button', 'Change the language');
      await page.getByText('The language of your mails is changed').waitFor();
      await page.getByLabel('Low stock').uncheck();
      expect(await objectionsInBothSchemes(page)).toEqual([]);
      await keyboard.press('button', 'Save');
      await page.getByText('Your mail settings are saved').waitFor();
      const keys = unsubscribeKeys(mailKey, []);
      await page.goto(`/unsubscribe#token=${unsubscribeToken(keys, { accountId: id, kind: 'new_order' })}`);
      await page.getByText('Do you want no more mails of this kind?').waitFor();
      expect(await objectionsInBothSchemes(page)).toEqual([]);
      await keyboard.press('button', 'Unsubscribe');
      await page.getByText('You get no more mails about new orders').waitFor();
      await keyboard.press('link', 'Mail settings');
      await expect.poll(() => page.getByLabel('New orders').isChecked()).toBe(false);
      expect(await page.getByLabel('Low stock').isChecked()).toBe(false);
      expect(await page.getByLabel('Language of your mails').inputValue()).toBe('fr');
      expect(complaints()).toEqual([]);
    }));
});
