import type { Browser } from 'playwright-core';
import { afterAll, afterEach, beforeAll } from 'vitest';
import { everyLook, type Look, type Visitor, visit } from './browser.ts';
import { launchBrowser } from './chromium.ts';
import { type Api, apiAs, type DemoShop, openDemoShop, type Role, signIn } from './shop.ts';

/** What a visit begins with. */
export type Arrival = { as?: Role; to?: string };

export type Stage = {
  readonly shop: DemoShop;
  /** Asks the API as one of the demo's accounts. */
  api(role: Role): Promise<Api>;
  /** Lets somebody in, who is gone after the test: signed in as one of the demo's accounts and on a page, if so asked. */
  come(look: Look, arrival?: Arrival): Promise<Visitor>;
  /** Plays the same for four visitors at once, each with a look of their own; tells for which of them it went wrong. */
  inEveryLook(play: (visitor: Visitor) => Promise<void>, arrival?: Arrival): Promise<void>;
};

/** A demo shop and a browser for the tests of the `describe` in which it is called; `setUp` comes once both are there. */
export function openStage(setUp?: (shop: DemoShop) => Promise<void>): Stage {
  let shop: DemoShop;
  let browser: Browser;
  let visitors: Visitor[] = [];
  beforeAll(async () => {
    [shop, browser] = await Promise.all([openDemoShop(), launchBrowser()]);
    await setUp?.(shop);
  });
  afterEach(async () => {
    await Promise.all(visitors.map(({ context }) => context.close()));
    visitors = [];
  });
  afterAll(async () => {
    await browser?.close();
    await shop?.stop();
  });
  const come = async (look: Look, { as, to }: Arrival = {}) => {
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
    come,
    inEveryLook: (play, arrival) => forEveryLook(async (look) => play(await come(look, arrival))),
  };
}

/** Does something for all looks at once, and names the look in whatever is thrown. */
export async function forEveryLook(act: (look: Look, index: number) => Promise<void>): Promise<void> {
  const ended = await Promise.allSettled(everyLook.map(act));
  const failures = ended.flatMap((end, index) => (end.status === 'rejected' ? [{ ...everyLook[index], ...end }] : []));
  const [first] = failures;
  if (!first) return;
  const looks = failures.map(({ width, colorScheme }) => `${width} px, ${colorScheme}`).join('; ');
  const { reason } = first;
  throw new Error(`At ${looks}: ${reason instanceof Error ? reason.message : reason}`, { cause: reason });
}
