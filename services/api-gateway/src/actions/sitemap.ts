import { type Static, Type } from 'typebox';
import { Value } from 'typebox/value';
import { escapeHtml } from '../domain/seo-head-html.ts';
import type { FetchCatalogue } from './shop-pages.ts';

/** What a sitemap may hold at the most. Source: https://www.sitemaps.org/protocol.html */
const MOST_URLS = 50_000;
const FRESH_MS = 10 * 60_000;
/** After a seller was banned, or may sell again: so long the catalogue may change, and so long a sitemap is kept meanwhile. */
const CHANGING_MS = 60_000;
const FRESH_WHILE_CHANGING_MS = 2_000;

/** An item that is not as it should be is left out; it does not take the others with it. */
const Item = Type.Object({ slug: Type.String(), updatedAt: Type.String() });
const Page = Type.Object({
  items: Type.Array(Type.Unknown()),
  nextCursor: Type.Union([Type.String(), Type.Null()]),
});
const Categories = Type.Object({ items: Type.Array(Type.Object({ slug: Type.String() })) });

type Entry = { path: string; changed?: string };

/** The addresses of the shop for search engines. */
export type Sitemap = {
  /** Undefined while the catalogue does not answer and none was made before. */
  read(origin: string): Promise<string | undefined>;
  /** Many products have gone off sale, or come back, or are about to. */
  catalogueChanges(): void;
};

/** Makes the sitemap when it is asked for, and keeps it for ten minutes. */
export function createSitemap(ask: FetchCatalogue, now: () => number): Sitemap {
  let changedAt = Number.NEGATIVE_INFINITY;
  let made: { entries: Entry[]; at: number } | undefined;
  let underWay: Promise<void> | undefined;
  const refresh = async () => {
    const startedAt = now();
    const entries = await collect(ask);
    if (entries) made = { entries, at: startedAt };
  };
  const read = async (origin: string) => {
    const isChanging = now() - changedAt < CHANGING_MS;
    // One from before the change is of no use, whatever its age.
    const isOutdated = made !== undefined && made.at <= changedAt;
    const freshMs = isChanging ? FRESH_WHILE_CHANGING_MS : FRESH_MS;
    if (made === undefined || isOutdated || now() - made.at > freshMs) {
      underWay ??= refresh()
        // The answer of the catalogue was not valid; the next request tries again.
        .catch(() => undefined)
        .finally(() => {
          underWay = undefined;
        });
      // An old one is sent at once. The first is waited for, and so is one that shows what has changed.
      if (made === undefined || isOutdated || isChanging) await underWay;
    }
    return made && write(origin, made.entries);
  };
  return {
    read,
    catalogueChanges() {
      changedAt = now();
    },
  };
}

async function collect(ask: FetchCatalogue): Promise<Entry[] | undefined> {
  const categories = await read(ask, '/api/v1/categories?navigation=true', Categories);
  if (!categories) return undefined;
  const entries: Entry[] = [{ path: '/' }, ...categories.items.map(({ slug }) => ({ path: `/categories/${slug}` }))];
  let cursor: string | null = '';
  while (cursor !== null && entries.length < MOST_URLS) {
    const after: string = cursor && `&cursor=${encodeURIComponent(cursor)}`;
    const page: Static<typeof Page> | undefined = await read(ask, `/api/v1/products?limit=100${after}`, Page);
    if (!page) return undefined;
    const items = page.items.filter((item) => Value.Check(Item, item));
    entries.push(...items.map(({ slug, updatedAt }) => ({ path: `/products/${slug}`, changed: updatedAt })));
    cursor = page.nextCursor;
  }
  return entries.slice(0, MOST_URLS);
}

async function read<S extends typeof Page | typeof Categories>(
  ask: FetchCatalogue,
  path: string,
  schema: S,
): Promise<Static<S> | undefined> {
  const answer = await ask(path);
  if (answer?.status !== 200) return undefined;
  const value: unknown = JSON.parse(answer.body);
  return Value.Check(schema, value) ? value : undefined;
}

function write(origin: string, entries: readonly Entry[]): string {
  const urls = entries.map(({ path, changed }) => {
    const url = URL.parse(path, origin);
    if (url === null) return '';
    const lastmod = changed === undefined ? '' : `<lastmod>${escapeHtml(changed)}</lastmod>`;
    return `<url><loc>${escapeHtml(url.href)}</loc>${lastmod}</url>`;
  });
  return `<?xml version="1.0" encoding="UTF-8"?>\n<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">\n${urls.join('\n')}\n</urlset>\n`;
}
