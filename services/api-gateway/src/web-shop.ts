import type { ServiceContext } from '@tradepost/runtime/service';
import { readCatalogue } from './actions/read-catalogue.ts';
import type { ResponseCache } from './actions/response-cache.ts';
import { createShopPages } from './actions/shop-pages.ts';
import { createSitemap } from './actions/sitemap.ts';
import { originSet, type Settings } from './config.ts';
import type { GatewayMetrics } from './http/metrics.ts';
import type { ShopOptions } from './http/shop-routes.ts';
import { readStaticSite } from './shop/static-site.ts';
import type { Upstream } from './upstream/upstream.ts';

/** The web shop; undefined where there is none to serve. */
export async function createShop(
  { settings: s, log }: ServiceContext<Settings>,
  { product, cache, observer }: { product: Upstream; cache: ResponseCache | undefined; observer: GatewayMetrics },
): Promise<ShopOptions | undefined> {
  if (s.WEB_DIR === undefined) return undefined;
  const shop = await readStaticSite(s.WEB_DIR);
  const origin = s.PUBLIC_URL === undefined ? undefined : new URL(s.PUBLIC_URL).origin;
  const ask = (path: string) => readCatalogue(path, { product, cache, observer });
  // Somebody who is signed in may have changed what the page shows. A sitemap would fill the cache with lists that nobody else asks for.
  const askService = (path: string) => readCatalogue(path, { product, cache: undefined, observer });
  const onHeadFailure = (err: unknown, path: string) => {
    observer.pageHeadFailed();
    log.error({ err, path }, 'the head of a page could not be built; the page is served with a plain one');
  };
  const pages = createShopPages(shop, { origin, ask, askService, onHeadFailure });
  const pictures = originSet(s.PICTURE_ORIGINS);
  const isStripeAllowed = s.STRIPE_FORM === 'allowed';
  return { shop, pages, origin, pictures, isStripeAllowed, sitemap: createSitemap(askService, Date.now) };
}
