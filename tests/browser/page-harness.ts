import type { Browser } from 'playwright-core';
import { afterAll, afterEach, beforeAll } from 'vitest';
import { everyWidth, type Look, type Visitor, visit } from './browser.ts';
import { connectToBrowser } from './chromium.ts';
import { type Api, apiAs, connectToShop, type DemoShop, type Role, signIn } from './shop.ts';

/** What a visit begins with. */
export type Arrival = { as?: Role; to?: string };

/** The demo shop, which other files use at the same time. */
export type SharedShop = Omit<DemoShop, 'stop'>;

export type PageHarness = {
  readonly shop: SharedShop;
  /** Asks the API as one of the demo's accounts. */
  api(role: Role): Promise<Api>;
  /** Lets somebody in, who is gone after the test: signed in as one of the demo's accounts and on a page, if so asked. */
  openVisit(look: Look, arrival?: Arrival): Promise<Visitor>;
  /** Plays for a visitor: for what a page does, which does not depend on its width. */
  at(look: Look, play: (visitor: Visitor) => Promise<void>): Promise<void>;
  /** Plays the same for a visitor at each width, at once; says at which width it went wrong. */
  atEveryWidth(play: (visitor: Visitor) => Promise<void>, arrival?: Arrival): Promise<void>;
};

/**
 * The demo shop and the browser that all test files share, for the tests of the `describe` in which this is called; `setUp`
 * runs once both are there. Other files buy, sell and run into dead letters in the same shop meanwhile: a test uses
 * products and accounts of its own, and does not expect a list to hold nothing else.
 */
export function openPageHarness(setUp?: (shop: SharedShop) => Promise<void>): PageHarness {
  let shop: SharedShop;
  let browser: Browser;
  let visitors: Visitor[] = [];
  beforeAll(async () => {
    [shop, browser] = await Promise.all([connectToShop(), connectToBrowser()]);
    await setUp?.(shop);
  });
  afterEach(async () => {
    await Promise.all(visitors.map(({ context }) => context.close()));
    visitors = [];
  });
  afterAll(() => browser?.close());
  const openVisit = async (look: Look, { as, to }: Arrival = {}) => {
    const visitor = await visit(browser, shop.url, look);
    visitors.push(visitor);
    if (as) await signIn(visitor.page, as, to ?? '/');
    else if (to) await visitor.page.goto(to);
    return visitor;
  };
  return {
    get shop() {
      return shop;
    },
    api: (role) => apiAs(shop, role),
    openVisit,
    at: async (look, play) => play(await openVisit(look)),
    atEveryWidth: (play, arrival) => forEveryWidth(async (look) => play(await openVisit(look, arrival))),
  };
}

/** Does something for all widths at once, and names the width in whatever is thrown. */
export async function forEveryWidth(act: (look: Look, index: number) => Promise<void>): Promise<void> {
  const ended = await Promise.allSettled(everyWidth.map(act));
  const failures = ended.flatMap((end, index) => (end.status === 'rejected' ? [{ ...everyWidth[index], ...end }] : []));
  const [first] = failures;
  if (!first) return;
  const looks = failures.map(({ width, colorScheme }) => `${width} px, ${colorScheme}`).join('; ');
  const { reason } = first;
  throw new Error(`At ${looks}: ${reason instanceof Error ? reason.message : reason}`, { cause: reason });
}
