import { expect, test } from 'vitest';
import { describeInBrowser, desk } from './browser.ts';
import { focusOn, focusWithin, keyboardOf } from './keyboard.ts';
import { openPageHarness } from './page-harness.ts';

// Other files buy in the same shop meanwhile: no order of theirs meets what is set up here. The method is not offered, nobody orders to
// Bouvet Island, and nobody enters the code.
describeInBrowser('shipping, taxes, promotions and synonyms by the keyboard alone', () => {
  const harness = openPageHarness();
  const openVisit = async (to: string) => {
    const visitor = await harness.openVisit(desk, { as: 'admin', to });
    const dialog = visitor.page.getByRole('dialog');
    return { ...visitor, dialog, keyboard: keyboardOf(visitor.page) };
  };

  test('adds a zone with a method, changes the method, and deletes both', async () => {
    const { page, keyboard, dialog, complaints } = await openVisit('/control');
    await keyboard.press('link', 'Pricing', { within: page.getByRole('navigation', { name: 'Control room' }) });
    await keyboard.press('button', 'Add zone');
    await keyboard.write('Name of the zone', 'Far islands', { within: dialog });
    await keyboard.write('Countries', 'Bouvet Island, Atlantis', { within: dialog });
    await keyboard.press('button', 'Save', { within: dialog });
    // What is wrong is said at the field, which has the focus.
    await dialog.getByText('“Atlantis” is not a country').waitFor();
    await focusOn(page, 'textbox', 'Countries');
    await keyboard.write('Countries', 'Bouvet Island, HM', { within: dialog });
    await keyboard.press('button', 'Save', { within: dialog });
    await dialog.waitFor({ state: 'detached' });
    await page.getByText('Bouvet Island, Heard & McDonald Islands', { exact: true }).waitFor();

    await keyboard.press('button', 'Add method to Far islands');
    await keyboard.write('Name of the method', 'Supply ship', { within: dialog });
    await keyboard.write('Delivery time', '3 to 6 months', { within: dialog });
    await keyboard.write('Up to, in grams', '1000', { within: dialog });
    await keyboard.write('Price in EUR', '4.9', { within: dialog });
    await keyboard.press('button', 'Add price', { within: dialog });
    await keyboard.keys('Shift+Tab', 'Shift+Tab');
    await page.keyboard.type('9.90');
    await keyboard.to('checkbox', 'Offered to customers', { within: dialog });
    await keyboard.keys('Space');
    await keyboard.press('button', 'Save', { within: dialog });
    await dialog.waitFor({ state: 'detached' });
    await focusOn(page, 'button', 'Add method to Far islands');
    await page.getByRole('row', { name: /Supply ship.*€4.90 up to 1 kg.*€9.90 above that.*not offered/ }).waitFor();

    await keyboard.press('button', 'Edit Supply ship');
    await keyboard.write('Free from, in EUR (optional)', 'much', { within: dialog });
    await keyboard.press('button', 'Save', { within: dialog });
    await dialog.getByText('Enter an amount in EUR like 5.00').waitFor();
    await focusOn(page, 'textbox', 'Free from, in EUR (optional)');
    await keyboard.write('Free from, in EUR (optional)', '50', { within: dialog });
    await keyboard.press('button', 'Save', { within: dialog });
    await page.getByRole('row', { name: /Supply ship.*free from €50.00/ }).waitFor();

    await keyboard.press('button', 'Delete Far islands');
    await keyboard.press('button', 'Delete Far islands', { within: dialog });
    await dialog.getByText(/still has shipping methods.*Supply ship/).waitFor();
    await keyboard.keys('Escape');
    for (const name of ['Supply ship', 'Far islands']) {
      await keyboard.press('button', `Delete ${name}`);
      await keyboard.press('button', `Delete ${name}`, { within: dialog });
      await dialog.waitFor({ state: 'detached' });
      await page.getByRole('button', { name: `Delete ${name}` }).waitFor({ state: 'detached' });
      await focusWithin(page.getByRole('main'));
    }
    expect(complaints([409])).toEqual([]);
  });

  test('adds a tax rate, changes it, and deletes it', async () => {
    const { page, keyboard, dialog, complaints } = await openVisit('/control/pricing/taxes');
    await keyboard.press('button', 'Add tax rate');
    await keyboard.write('Name', 'Seal tax', { within: dialog });
    await keyboard.write('Rate in percent', '8.87501', { within: dialog });
    await keyboard.choose('Country', 'Bouvet', { within: dialog });
    await keyboard.press('button', 'Save', { within: dialog });
    await dialog.getByText('at most four decimals').waitFor();
    await focusOn(page, 'textbox', 'Rate in percent');
    await keyboard.write('Rate in percent', '8,875', { within: dialog });
    await keyboard.press('button', 'Save', { within: dialog });
    await page.getByRole('row', { name: /Seal tax Bouvet Island standard 8.875 %/ }).waitFor();
    await focusOn(page, 'button', 'Add tax rate');
    await keyboard.press('button', 'Edit Seal tax');
    await keyboard.write('Tax class', 'No Class', { within: dialog });
    await keyboard.press('button', 'Save', { within: dialog });
    await focusOn(page, 'textbox', 'Tax class');
    await keyboard.write('Tax class', 'reduced', { within: dialog });
    await keyboard.press('button', 'Save', { within: dialog });
    await page.getByRole('row', { name: /Seal tax Bouvet Island reduced/ }).waitFor();
    await keyboard.press('button', 'Delete Seal tax');
    await keyboard.press('button', 'Delete Seal tax', { within: dialog });
    await page.getByRole('row', { name: /Seal tax/ }).waitFor({ state: 'detached' });
    await focusWithin(page.getByRole('main'));
    expect(complaints([400])).toEqual([]);
  });

  test('adds a promotion by a code, switches it off, finds it, and deletes it', async () => {
    const { page, keyboard, dialog, complaints } = await openVisit('/control/pricing/promotions');
    await keyboard.press('button', 'Add promotion');
    await keyboard.write('Name', 'Keyed sale', { within: dialog });
    await keyboard.write('Code (optional)', 'keyed-sale', { within: dialog });
    await keyboard.choose('Benefit', 'An amount off', { within: dialog });
    await keyboard.write('Amount off', '5', { within: dialog });
    await keyboard.write('Products (optional)', 'no-such-product', { within: dialog });
    await keyboard.press('button', 'Save', { within: dialog });
    await dialog.getByText('There is no product “no-such-product”').waitFor();
    await focusOn(page, 'textbox', 'Products (optional)');
    await keyboard.keys('ControlOrMeta+A', 'Delete');
    await keyboard.write('Find a product (optional)', 'storm lantern', { role: 'searchbox', within: dialog });
    await keyboard.press('button', 'Add Storm Lantern', { within: dialog });
    expect(await dialog.getByRole('textbox', { name: 'Products' }).inputValue()).toBe('/products/storm-lantern');
    await keyboard.write('Uses in all (optional)', '10', { within: dialog });
    await keyboard.press('button', 'Save', { within: dialog });
    const row = page.getByRole('row', { name: /Keyed sale/ });
    await row
      .filter({ hasText: 'KEYED-SALE' })
      .filter({ hasText: '€5.00 off' })
      .filter({ hasText: '0 of 10' })
      .waitFor();
    await keyboard.press('button', 'Edit Keyed sale');
    await keyboard.to('checkbox', 'Switched on', { within: dialog });
    await keyboard.keys('Space');
    await keyboard.press('button', 'Save', { within: dialog });
    await row.getByText('switched off').waitFor();
    await keyboard.write('Code or name', 'keyed');
    await keyboard.keys('Enter');
    await page.waitForURL('**/control/pricing/promotions?q=keyed');
    await focusOn(page, 'textbox', 'Code or name');
    await keyboard.press('button', 'Delete Keyed sale');
    await keyboard.press('button', 'Delete Keyed sale', { within: dialog });
    await page.getByRole('heading', { name: 'No matching promotions' }).waitFor();
    await focusWithin(page.getByRole('main'));
    expect(complaints([404])).toEqual([]);
  });

  test('adds synonyms, which searches know, changes and deletes them', async () => {
    const { page, keyboard, dialog, complaints } = await openVisit('/control/synonyms');
    await keyboard.press('button', 'Add synonyms');
    const words = 'Words, with commas between them';
    await keyboard.write(words, 'gribblewick', { within: dialog });
    await keyboard.press('button', 'Save', { within: dialog });
    // One word alone has no synonym.
    await focusOn(page, 'textbox', words);
    await dialog.getByRole('textbox', { name: words }).and(page.locator('[aria-invalid=true]')).waitFor();
    await keyboard.write(words, 'gribblewick, storm lantern', { within: dialog });
    await keyboard.press('button', 'Save', { within: dialog });
    await dialog.waitFor({ state: 'detached' });
    const found = async () => (await harness.shop.seller('GET', '/api/v1/products?q=gribblewick')).body.items;
    expect(await found()).toMatchObject([{ title: 'Storm Lantern' }]);
    await keyboard.press('button', 'Edit gribblewick, storm lantern');
    await keyboard.write(words, 'gribblewick, storm light, storm lantern', { within: dialog });
    await keyboard.press('button', 'Save', { within: dialog });
    const name = 'gribblewick, storm light, storm lantern';
    await keyboard.press('button', `Delete ${name}`);
    await keyboard.press('button', `Delete ${name}`, { within: dialog });
    await page.getByRole('row', { name }).waitFor({ state: 'detached' });
    await focusWithin(page.getByRole('main'));
    expect(await found()).toEqual([]);
    expect(complaints([400])).toEqual([]);
  });
});
