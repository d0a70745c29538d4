import { randomUUID } from 'node:crypto';
import type { Locator, Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { describeInBrowser, desk } from './browser.ts';
import { openPageHarness } from './page-harness.ts';
import { type Api, apiAs, offer } from './shop.ts';
import { buy } from './staff.ts';

const password = 'a long enough secret';
const areas = [
  'orders',
  'catalogue',
  'payments',
  'promotions',
  'settings',
  'accounts',
  'staff',
  'audit',
  'mails',
  'operations',
];

/** Words on buttons whose forms may send nothing while they are empty. */
const changing =
  /: (Add|Edit|Delete|Save|Remove|Up|Down|Replay|Discard|Resolve|Repeat|Send|Refund|Mark|Take|Put|Adjust|Invite|New|Suspend|Erase|Act)\b/;

/** What was asked of the API from now on that changes something, or that was refused. */
function watchApi(page: Page): string[] {
  const wrong: string[] = [];
  page.on('response', (response) => {
    const request = response.request();
    const { pathname } = new URL(request.url());
    if (!pathname.startsWith('/api/') || pathname.includes('/sign-in/')) return;
    const what = `${request.method()} ${pathname}`;
    if (response.status() === 403) wrong.push(`${page.url()}: ${what} was refused`);
    else if (request.method() !== 'GET') wrong.push(`${page.url()}: ${what}`);
  });
  return wrong;
}

/** Presses every button of a part of the page once, and those of the dialogs that open. */
async function pressAll(page: Page, part: Locator, pressed: Set<string>): Promise<void> {
  const buttons = part.getByRole('button');
  for (const button of await buttons.all()) {
    // Pressing one may have taken away another.
    if (!(await button.isVisible()) || !(await button.isEnabled())) continue;
    const name = `${new URL(page.url()).pathname}: ${await button.textContent()}`;
    if (pressed.has(name)) continue;
    pressed.add(name);
    await button.click();
    const dialog = page.getByRole('dialog');
    if (await dialog.isVisible()) {
      await pressAll(page, dialog, pressed);
      await page.keyboard.press('Escape');
      await dialog.waitFor({ state: 'detached' });
    }
  }
}

/** An account with a staff role that reads everything and changes nothing. */
async function createReader(admin: Api, page: Page): Promise<{ id: string; email: string }> {
  const roleId = randomUUID();
  const permissions = areas.map((area) => `${area}:read`);
  const body = { name: `Reader ${roleId}`, permissions };
  const made = await admin('PUT', `/api/v1/auth/admin/staff-roles/${roleId}`, { body });
  const email = `reader-${roleId}@example.com`;
  const signedUp = await page.request.post('/api/v1/auth/sign-up/email', {
    data: { name: 'Rita Reader', email, password },
  });
  const { id } = (await signedUp.json()).user;
  const assigned = await admin('PUT', `/api/v1/auth/admin/accounts/${id}/role`, {
    body: { role: 'staff', staffRole: roleId },
  });
  if (made.status !== 201 || assigned.status !== 200) throw new Error('The reader was not made');
  return { id, email };
}

describeInBrowser('staff who may read everything and change nothing', () => {
  const harness = openPageHarness();

  test('find no button that changes something, on any page', async () => {
    const admin = await apiAs(harness.shop, 'admin');
    const visitor = await harness.openVisit(desk);
    const { page } = visitor;
    const { id, email } = await createReader(admin, page);
    const product = await offer(harness.shop, { title: 'Read only jug' });
    const order = await buy(await apiAs(harness.shop, 'customer'), [{ sku: product.sku, quantity: 1 }]);
    await visitor.context.clearCookies();
    await page.goto('/sign-in?next=/control');
    await page.getByLabel('E-mail').fill(email);
    await page.getByLabel('Password').fill(password);
    await page.getByRole('button', { name: 'Sign in', exact: true }).click();
    await page.waitForURL('**/control');
    const wrong = watchApi(page);
    const own = [
      `/control/orders/${order}`,
      `/control/accounts/${id}`,
      '/control/pricing/taxes',
      '/control/pricing/shop',
    ];
    const desks = [
      `/sell/orders/${order}`,
      `/sell/products/${product.id}`,
      `/sell/products/${product.id}/stock/${product.sku}`,
    ];
    const links = await hrefs(page, 'Control room');
    expect(links.length).toBeGreaterThan(11);
    await page.goto('/sell');
    const paths = [...links, ...own, ...(await hrefs(page, "Seller's desk")), ...desks];
    const pressed = new Set<string>();
    for (const path of paths) {
      await page.goto(path);
      await page.getByRole('main').getByRole('heading', { level: 1 }).waitFor();
      await page.waitForLoadState('networkidle');
      await pressAll(page, page.getByRole('main'), pressed);
    }
    await page.waitForLoadState('networkidle');
    // Some buttons there are: those that filter, open and show more.
    expect(pressed.size).toBeGreaterThan(10);
    expect(wrong).toEqual([]);
    expect([...pressed].filter((name) => changing.test(name))).toEqual([]);
    expect(await page.getByText('not found').count()).toBe(0);
  });
});

/** Where the links of an area lead. */
async function hrefs(page: Page, area: string): Promise<string[]> {
  const links = page.getByRole('navigation', { name: area }).getByRole('link');
  await links.first().waitFor();
  return Promise.all((await links.all()).map(async (link) => (await link.getAttribute('href')) ?? ''));
}
