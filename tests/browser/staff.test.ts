import { randomUUID } from 'node:crypto';
import type { Page } from 'playwright-core';
import { afterAll, expect, test } from 'vitest';
import { describeInBrowser, desk, telephone } from './browser.ts';
import { keyboardOf } from './keyboard.ts';
import { openPageHarness } from './page-harness.ts';
import { openRequestedMails, type RequestedMails } from './requested-mails.ts';
import { signUpForCheckout } from './shop.ts';

const linksOf = (page: Page, area: string) =>
  page.getByRole('navigation', { name: area }).getByRole('link').allInnerTexts();
const statusOf = (page: Page, path: string) => page.evaluate(async (one) => (await fetch(one)).status, path);

describeInBrowser('staff', () => {
  let mails: RequestedMails;
  const harness = openPageHarness(async (shop) => {
    mails = await openRequestedMails(shop);
  });
  afterAll(() => mails?.close());

  test('is invited, accepts by the keyboard alone, and sees only what a packer may', async () => {
    const email = `pat-${randomUUID()}@example.com`;
    const admin = await harness.openVisit(desk, { as: 'admin', to: '/control/staff' });
    await admin.page.getByRole('cell', { name: 'orders:read, orders:write', exact: true }).waitFor();
    await keyboardOf(admin.page).write('E-mail', email);
    await admin.page.getByLabel('Role', { exact: true }).selectOption({ label: 'Packer' });
    await keyboardOf(admin.page).press('button', 'Invite');
    await admin.page.getByRole('cell', { name: email, exact: true }).waitFor();
    expect(admin.complaints()).toEqual([]);

    const { page, complaints } = await harness.openVisit(telephone, { to: await mails.linkTo(email, 'invitation') });
    await page.getByText(`invites ${email} to work in this shop as Packer`).waitFor();
    const keyboard = keyboardOf(page);
    await keyboard.write('Name', 'Pat Packer');
    await keyboard.write('Password', 'a long enough secret');
    await keyboard.press('button', 'Accept the invitation');
    await page.waitForURL('**/control/orders');
    await page.getByRole('heading', { name: 'Orders', exact: true }).waitFor();
    expect(await linksOf(page, 'Control room')).toEqual(['Orders']);
    await page.goto('/control/accounts');
    await page.getByText('Control room: page not found').waitFor();
    await page.goto('/sell');
    await page.waitForURL('**/sell/orders');
    expect(await linksOf(page, "Seller's desk")).toEqual(['Orders']);
    expect(complaints()).toEqual([]);
    expect(await statusOf(page, '/api/v1/orders?view=all&limit=1')).toBe(200);
    expect(await statusOf(page, '/api/v1/auth/admin/accounts')).toBe(403);
    expect(await statusOf(page, '/api/v1/admin/order/promotions')).toBe(403);
  });

  test('acts as a customer, under a bar that says so, and stops', async () => {
    const customer = await harness.openVisit(desk);
    const email = await signUpForCheckout(customer.page, 'Grace Hopper');
    const { page, complaints } = await harness.openVisit(desk, { as: 'admin', to: '/control/accounts' });
    await page.goto(`/control/accounts?email=${encodeURIComponent(email)}`);
    const keyboard = keyboardOf(page);
    await page.getByRole('link', { name: 'Grace Hopper' }).click();
    await page.getByText('No orders').waitFor();
    await keyboard.press('button', 'Act as this customer');
    const bar = page.getByRole('complementary', { name: 'Acting as a customer' });
    await bar.getByText('You act as Grace Hopper').waitFor();
    await page.goto('/account');
    await page.getByRole('heading', { name: 'Grace Hopper' }).waitFor();
    expect(await page.getByRole('heading', { name: 'API keys' }).count()).toBe(0);
    expect(await statusOf(page, '/api/v1/auth/api-keys')).toBe(403);
    await keyboard.press('button', 'Stop');
    await page.waitForURL('**/control/accounts/*');
    await page.getByRole('heading', { name: 'Grace Hopper' }).waitFor();
    expect(await bar.count()).toBe(0);
    expect(await linksOf(page, 'Control room')).toContain('Staff');
    expect(complaints([403])).toEqual([]);
  });
});
