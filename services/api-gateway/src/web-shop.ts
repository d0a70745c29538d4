import type { ServiceContext } from '@tradepost/runtime/service';
import { createShopPages } from './actions/shop-pages.ts';
import { createSitemap } from './actions/sitemap.ts';
import { originSet, type Settings } from './config.ts';
import type { GatewayMetrics } from './http/metrics.ts';
import type { ShopOptions } from './http/shop-routes.ts';
import { readStaticSite } from './shop/static-site.ts';
import { fetchFromUpstream } from './upstream/fetch-from-upstream.ts';
import type { Upstream } from './upstream/upstream.ts';

const PAGE_DATA_MS = 700;
const LARGEST_PAGE_DATA = 1024 * 1024;

/** The web shop; undefined where there is none to serve. */
export async function createShop(
  { settings: s, log }: ServiceContext<Settings>,
  product: Upstream,
  observer: GatewayMetrics,
): Promise<ShopOptions | undefined> {
  if (s.WEB_DIR === undefined) return undefined;
  const shop = await readStaticSite(s.WEB_DIR);
  const origin = s.PUBLIC_URL === undefined ? undefined : new URL(s.PUBLIC_URL).origin;
  const askCatalogue = async (path: string) => {
    // A page that is late is worse than one that has to ask for itself.
    const question = { path, headers: [], timeoutMs: PAGE_DATA_MS, maxBytes: LARGEST_PAGE_DATA };
    const answer = await fetchFromUpstream(product, question, observer).catch(() => undefined);
    return answer && { status: answer.status, body: answer.body.toString() };
  };
  const onHeadFailure = (err: unknown, path: string) => {
    observer.pageHeadFailed();
    log.error({ err, path }, 'the head of a page could not be built; the page is served with a plain one');
  };
  const pages = createShopPages(shop, { origin, ask: askCatalogue, onHeadFailure });
  const pictures = originSet(s.PICTURE_ORIGINS);
  const isStripeAllowed = s.STRIPE_FORM === 'allowed';
  return { shop, pages, origin, pictures, isStripeAllowed, sitemap: createSitemap(askCatalogue, Date.now) };
}
