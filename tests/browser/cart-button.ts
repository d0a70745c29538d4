import type { Page } from 'playwright-core';

/** The button of the cart with this label: seen or, behind a dialog, only there. */
export const cartLabel = (page: Page, label: string) => page.locator(`[aria-label="${label}"]`);

/** Notes, from now on, each label of the button of the cart and each text that says that the cart is empty. */
export async function watchCart(page: Page): Promise<void> {
  await page.evaluate(`
    globalThis.seen = { labels: [], empty: 0 };
    const look = () => {
      const label = document.querySelector('[aria-label^="Cart, "]')?.getAttribute('aria-label');
      if (label && label !== seen.labels.at(-1)) seen.labels.push(label);
      if (document.body.innerText.includes('Nothing in it yet')) seen.empty += 1;
    };
    new MutationObserver(look).observe(document.body, { subtree: true, childList: true, attributes: true, characterData: true });
    look();
  `);
}

/** What `watchCart` has noted. */
export const seenSoFar = (page: Page) => page.evaluate<{ labels: string[]; empty: number }>('globalThis.seen');

/** Waits until the page asks for nothing any more. */
export const settled = (page: Page) => page.waitForLoadState('networkidle');
