import { text } from 'node:stream/consumers';
import { sendRequest } from '@tradepost/testing/shopper';
import { until } from '@tradepost/testing/until';
import { expect, test } from 'vitest';
import { violationsInEveryLook } from './axe.ts';
import { describeInBrowser, desk, telephone } from './browser.ts';
import { openPageHarness } from './page-harness.ts';

const password = 'correct horse battery privacy';

describeInBrowser('privacy', () => {
  const harness = openPageHarness();

  test('a stranger gets no cookie, and only the copy of the catalogue is kept in the browser', async () => {
    const { page, context } = await harness.openVisit(desk, { to: '/' });
    const paths = [
      '/',
      '/search?q=mug',
      '/categories/kitchen',
      '/cart',
      '/checkout',
      '/orders',
      '/sign-in',
      '/sign-up',
    ];
    for (const path of paths) {
      await page.goto(path);
      await page.getByRole('heading', { level: 1 }).first().waitFor();
      await page.waitForLoadState('networkidle');
    }
    expect(await context.cookies()).toEqual([]);
    const keys = await page.evaluate(() => [Object.keys(localStorage), Object.keys(sessionStorage)]);
    // docs/guides/privacy.md names each: a copy of products and categories, and where a page was scrolled to.
    expect(keys.flat().filter((key) => !/^tradepost\.(catalogue|scroll)/.test(key))).toEqual([]);
  });

  test('somebody downloads all data and erases the account, by keyboard; an operator sees it', async () => {
    const email = `privacy-${Date.now()}@example.com`;
    const visitor = await harness.openVisit(telephone, { to: '/sign-up?next=/account' });
    const { page } = visitor;
    await page.getByLabel('Name').fill('Ada Privacy');
    await page.getByLabel('E-mail').fill(email);
    await page.getByLabel('Password').fill(password);
    await page.getByRole('button', { name: 'Create the account' }).click();
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('button', { name: 'Download my data' }).click(),
    ]);
    const document = JSON.parse(await text(await download.createReadStream()));
    expect(document.parts.auth.account.email).toBe(email);
    await page.getByRole('button', { name: 'Erase my account' }).press('Enter');
    const dialog = page.getByRole('dialog', { name: 'Erase your account' });
    await dialog.getByLabel('Your password').fill('not the password');
    await dialog.getByRole('checkbox').press('Space');
    await dialog.getByLabel('Your password').press('Enter');
    await dialog.getByText('That is not your password').waitFor();
    expect(await violationsInEveryLook(page)).toEqual([]);
    await dialog.getByLabel('Your password').fill(password);
    await dialog.getByLabel('Your password').press('Enter');
    await page.getByText('Your account is erased').waitFor();
    const signIn = { body: { email, password } };
    const answer = await sendRequest({ gatewayUrl: harness.shop.url }, 'POST', '/api/v1/auth/sign-in/email', signIn);
    expect(answer.status).toBe(401);

    const operator = await harness.openVisit(desk, { as: 'admin', to: '/control/erasures' });
    const row = operator.page.getByRole('row').filter({ hasText: document.accountId });
    await until(async () => (await row.getByText('confirmed').count()) === 4, { what: 'all services to confirm' });
    await row.getByText('none needed').waitFor();
    expect(await violationsInEveryLook(operator.page)).toEqual([]);
  });
});
