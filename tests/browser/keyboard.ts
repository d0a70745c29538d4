import { until } from '@tradepost/testing/until';
import type { ElementHandle, Locator, Page } from 'playwright-core';
import { expect } from 'vitest';

/** What is meant: an ARIA role and an accessible name. */
type Role = Parameters<Page['getByRole']>[0];
type Name = string | RegExp;

/** More than this often nobody presses Tab. */
const MOST_PRESSES = 150;

/** The page may have rendered other elements meanwhile. */
const LOOKED_FOR_AGAIN_AFTER = 20;

/**
 * Somebody with a keyboard and nothing else. What the Tab key does not lead to cannot be used, and wherever it leads the focus
 * has to be seen. `within` narrows what is meant where a page has several of a name.
 */
export type Keyboard = {
  /** Presses Tab (or Shift+Tab) until the focus is on what has this role and name. */
  to(role: Role, name: Name, o?: { within?: Locator; back?: boolean }): Promise<void>;
  /** Goes there, and presses Enter. */
  press(role: Role, name: Name, o?: { within?: Locator; back?: boolean }): Promise<void>;
  /** Goes to a field, and writes over what is in it. */
  write(name: Name, text: string, o?: { role?: Role; within?: Locator }): Promise<void>;
  /** Goes to a list of options, and types the beginning of one. */
  choose(name: Name, option: string, o?: { within?: Locator }): Promise<void>;
  /** Presses keys where the focus is: `Space`, `Shift+Tab`. */
  keys(...keys: string[]): Promise<void>;
};

export function keyboardOf(page: Page): Keyboard {
  const to: Keyboard['to'] = async (role, name, { within, back = false } = {}) => {
    const target = (within ?? page).getByRole(role, { name, exact: typeof name === 'string' });
    await target.first().waitFor({ state: 'attached' });
    const focused = target.and(page.locator(':focus'));
    for (let presses = 0; (await focused.count()) === 0; ) {
      const elements = await target.elementHandles();
      // To look for the role and the name after each key costs several times as much CPU as to compare elements.
      do {
        if (presses++ === MOST_PRESSES) throw new Error(`The Tab key does not lead to the ${role} ${name}`);
        await page.keyboard.press(back ? 'Shift+Tab' : 'Tab');
      } while (presses % LOOKED_FOR_AGAIN_AFTER > 0 && (await haveNoFocus(page, elements)));
    }
    // Polled: an answer that comes at this moment may be moving what has the focus.
    await expect.poll(async () => [role, name, await faultsOfFocus(page)]).toEqual([role, name, []]);
  };
  const keys: Keyboard['keys'] = async (...all) => {
    for (const key of all) await page.keyboard.press(key);
  };
  return {
    to,
    keys,
    async press(role, name, o) {
      await to(role, name, o);
      await keys('Enter');
    },
    async write(name, text, { role = 'textbox', within } = {}) {
      await to(role, name, within && { within });
      await keys('ControlOrMeta+A');
      // All but the last character at once: for each key the page is rendered anew.
      const last = text.slice(-1);
      if (text.length > 1) await page.keyboard.insertText(text.slice(0, -1));
      await page.keyboard.type(last);
    },
    async choose(name, option, o) {
      await to('combobox', name, o);
      await page.keyboard.type(option);
    },
  };
}

/** Whether the focus is on none of these elements, all of which are still on the page. */
const haveNoFocus = (page: Page, elements: ElementHandle<SVGElement | HTMLElement>[]): Promise<boolean> =>
  page.evaluate(
    (all) => all.length > 0 && all.every((element) => element.isConnected && !element.matches(':focus')),
    elements,
  );

/** Waits until the focus is on something that has this role and name (`''`: any), without a key being pressed. */
export async function focusOn(page: Page, role: Role, name: Name): Promise<void> {
  const meant = page.getByRole(role, name === '' ? {} : { name, exact: typeof name === 'string' });
  await meant.and(page.locator(':focus')).first().waitFor({ state: 'attached' });
}

/** Waits until the focus is on something, or within it: a dialog, say, or the page. */
export async function focusWithin(target: Locator): Promise<void> {
  const holds = () => target.evaluate((element) => element.matches(':focus, :focus-within'));
  await until(holds, { what: `the focus to be within ${target}` });
}

/**
 * What is wrong with the focus where it is: without an outline nobody sees it (WCAG 2.4.7), and below something else
 * neither (2.4.11). A control that is drawn by its label or what is around it (a radio button, a
 * field with an icon) is seen by that.
 */
function faultsOfFocus(page: Page): Promise<string[]> {
  return page.evaluate<string[]>(`(() => {
    const focused = document.activeElement;
    if (!focused || focused === document.body) return ['nothing has the focus'];
    const label = focused.closest('label');
    const drawn = [focused, focused.nextElementSibling, focused.parentElement, label].filter(Boolean);
    const isOutlined = (element) => {
      const { outlineStyle, outlineWidth } = getComputedStyle(element);
      return outlineStyle !== 'none' && parseFloat(outlineWidth) > 0;
    };
    const isHidden = focused.getBoundingClientRect().width <= 1;
    const shown = isHidden && label ? label : focused;
    const { left, top, width, height } = shown.getBoundingClientRect();
    const part = [0.1, 0.5, 0.9];
    const isInSight = part.some((x) => part.some((y) => {
      const seen = document.elementFromPoint(left + x * width, top + y * height);
      return seen && (shown.contains(seen) || seen.contains(shown) && seen.closest('[role=dialog]') === shown.closest('[role=dialog]') && !['fixed', 'sticky'].includes(getComputedStyle(seen).position));
    }));
    return [
      ...(focused.matches(':focus-visible') && drawn.some(isOutlined) ? [] : ['the focus is not to be seen']),
      ...(isInSight ? [] : ['something hides what has the focus']),
    ];
  })()`);
}
