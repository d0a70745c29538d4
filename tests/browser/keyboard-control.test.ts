import { uuidv7 } from '@tradepost/postgres/uuid';
import { afterAll, expect, test } from 'vitest';
import { describeInBrowser, desk } from './browser.ts';
import { type DeadLetters, openDeadLetters } from './dead-letters.ts';
import { focusOn, focusWithin, keyboardOf } from './keyboard.ts';
import { openPageHarness } from './page-harness.ts';
import { apiAs, signUpForCheckout } from './shop.ts';
import { buy } from './staff.ts';

describeInBrowser('the control room by the keyboard alone', () => {
  let letters: DeadLetters;
  let orderId: string;
  const harness = openPageHarness(async (shop) => {
    letters = await openDeadLetters(shop);
    orderId = await buy(await apiAs(shop, 'customer'), [{ sku: 'MUG-MOSS', quantity: 1 }]);
  });
  afterAll(() => letters?.close());
  const openVisit = async (to: string) => {
    const visitor = await harness.openVisit(desk, { as: 'admin', to });
    return { ...visitor, keyboard: keyboardOf(visitor.page) };
  };

  test('looks further back, and reads a chart as a table', async () => {
    const { page, keyboard, complaints } = await openVisit('/control');
    await keyboard.to('radio', '15 min');
    await keyboard.keys('ArrowRight');
    await focusOn(page, 'radio', '1 hour');
    const figures = page.getByRole('figure', { name: 'Orders per minute' });
    await figures.waitFor();
    const summary = figures.locator('summary:focus');
    while ((await summary.count()) === 0) await keyboard.keys('Tab');
    await keyboard.keys('Enter');
    await figures.getByRole('table').waitFor();
    expect(complaints()).toEqual([]);
  });

  test('follows an order through the services, by its id', async () => {
    const { page, keyboard, complaints } = await openVisit('/control');
    await keyboard.press('link', 'Orders', { within: page.getByRole('navigation', { name: 'Control room' }) });
    await keyboard.write('Order number', orderId);
    await keyboard.keys('Enter');
    await page.getByText('payment captured').first().waitFor();
    await focusOn(page, 'main', '');
    await keyboard.to('button', /^Copy the id of the trace/);
    await keyboard.to('link', 'Speckled Stoneware Mug, Moss');
    expect(complaints()).toEqual([]);
  });

  test('searches the audit trail, and reads its table', async () => {
    const { page, keyboard, complaints } = await openVisit('/control/audit');
    await keyboard.write('Path begins with', '/api/v1/orders');
    await keyboard.keys('Enter');
    await page.waitForURL('**/control/audit?path=%2Fapi%2Fv1%2Forders');
    await focusOn(page, 'textbox', 'Path begins with');
    await keyboard.to('region', 'Audit entries, newest first');
    await keyboard.press('button', 'Clear filters', { back: true });
    await page.waitForURL('**/control/audit');
    await focusWithin(page.getByRole('main'));
    expect(await page.getByLabel('Path begins with').inputValue()).toBe('');
    expect(complaints()).toEqual([]);
  });

  test('has a dead letter inspected, handled, and another discarded', async () => {
    const [first, second] = [uuidv7(), uuidv7()];
    const [kept, discarded] = [await letters.park(first), await letters.park(second)];
    await letters.hold(first);
    const { page, keyboard, complaints } = await openVisit('/control/dead-letters');
    await keyboard.to('radio', 'order');
    await keyboard.keys('ArrowRight');
    await focusOn(page, 'radio', 'product');
    const letter = (id: string) => page.getByRole('listitem').filter({ hasText: id });
    const dialog = page.getByRole('dialog');
    await letter(kept.id).waitFor();
    const summary = letter(kept.id).locator('summary:focus');
    while ((await summary.count()) === 0) await keyboard.keys('Tab');
    await keyboard.keys('Enter');
    await letter(kept.id).getByText(`"subject": "${first}"`).waitFor();
    await keyboard.press('button', 'Replay', { within: letter(kept.id) });
    await focusWithin(dialog);
    await keyboard.keys('Escape');
    await focusOn(page, 'button', 'Replay');
    await keyboard.keys('Enter');
    await keyboard.press('button', 'Replay', { within: dialog });
    await letter(kept.id).waitFor({ state: 'detached' });
    await focusWithin(page.getByRole('main'));
    await keyboard.press('button', 'Discard', { within: letter(discarded.id) });
    await keyboard.press('button', 'Discard permanently', { within: dialog });
    await letter(discarded.id).waitFor({ state: 'detached' });
    await focusWithin(page.getByRole('main'));
    expect(complaints()).toEqual([]);
  });

  test('makes an account a seller', async () => {
    const somebody = await harness.openVisit(desk);
    const email = await signUpForCheckout(somebody.page, 'Keyed Person');
    const { page, keyboard, complaints } = await openVisit('/control/accounts');
    await keyboard.write('E-mail', email);
    await keyboard.keys('Enter');
    await page.waitForURL('**/control/accounts?email=*');
    await focusOn(page, 'textbox', 'E-mail');
    await keyboard.press('button', 'Edit Keyed Person');
    const dialog = page.getByRole('dialog', { name: 'Keyed Person' });
    await keyboard.choose('Role', 'seller', { within: dialog });
    await keyboard.press('button', 'Change role to seller', { within: dialog });
    await dialog.waitFor({ state: 'detached' });
    await focusOn(page, 'button', 'Edit Keyed Person');
    await page.getByRole('row', { name: /Keyed Person.*seller/ }).waitFor();
    expect(complaints()).toEqual([]);
  });
});
