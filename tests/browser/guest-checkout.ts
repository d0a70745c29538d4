import { randomBytes } from 'node:crypto';
import type { Locator, Page } from 'playwright-core';
import { type Keyboard, keyboardOf } from './keyboard.ts';
import { type DemoShop, offer, putIntoCart } from './shop.ts';

export const newEmail = (): string => `guest-${randomBytes(5).toString('hex')}@example.com`;

export const isGuestsOrder = ({ pathname, searchParams }: URL): boolean =>
  pathname.startsWith('/orders/') && searchParams.has('token');

/** From the product to the checkout by keyboard, with everything filled in. */
export async function fillGuestCheckout(
  shop: Pick<DemoShop, 'seller'>,
  page: Page,
  { title, email = newEmail() }: { title: string; email?: string },
): Promise<Keyboard> {
  const { slug } = await offer(shop, { title });
  await putIntoCart(page, slug);
  const keyboard = keyboardOf(page);
  await keyboard.press('link', 'To the checkout', { within: page.getByRole('dialog', { name: 'Your cart' }) });
  await keyboard.write('E-mail address', email);
  await keyboard.write('Name', 'Grace Hopper');
  await keyboard.write('Street and number', 'Hafenstrasse 1');
  await keyboard.write('Postal code', '20457');
  await keyboard.write('Town or city', 'Hamburg');
  return keyboard;
}

/** Chooses a means of payment with the arrow keys. */
export async function chooseMeans(keyboard: Keyboard, page: Page, name: RegExp, within?: Locator): Promise<void> {
  const wanted = (within ?? page).getByRole('radio', { name });
  await wanted.waitFor();
  await keyboard.to('radio', /^A card that works/, within && { within });
  const focused = wanted.and(page.locator(':focus'));
  while ((await focused.count()) === 0) await keyboard.keys('ArrowDown');
}

/** Opens what a summary folds away, by keyboard. */
export async function unfold(keyboard: Keyboard, page: Page, text: string): Promise<void> {
  const focused = page.locator('summary:focus').filter({ hasText: text });
  await page.locator('summary').filter({ hasText: text }).waitFor();
  while ((await focused.count()) === 0) await keyboard.keys('Tab');
  await keyboard.keys('Enter');
}
