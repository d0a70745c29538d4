import { type PageRequestFacts, pageHead } from '../domain/seo-head.ts';
import { type EmbeddedResponse, type PageHead, pageTemplate, renderPage } from '../domain/seo-head-html.ts';
import type { ShopPage, StaticSite } from '../shop/static-site.ts';

/** What the catalogue answers an anonymous visitor; undefined where it does not answer in time. */
export type FetchCatalogue = (path: string) => Promise<{ status: number; body: string } | undefined>;

export type ShopPages = {
  /** The HTML of a page at an address, and 404 where it would show what is not there. */
  render(
    page: ShopPage,
    at: { path: string; params: Readonly<Record<string, string>>; isSignedIn: boolean },
  ): Promise<{ status: number; html: string }>;
  /** The HTML for an address that the shop does not know: the shop says so. */
  unknown: string;
};

type Links = ReadonlyMap<ShopPage, string>;

/**
 * Makes the pages of the shop: the HTML that was built, with a title, and what the page would ask for first, so that it
 * need not. What the catalogue does not say is left out, and the page finds out for itself.
 */
export function createShopPages(
  shop: StaticSite,
  o: {
    origin: string | undefined;
    ask: FetchCatalogue;
    /** The same, past the cache. */
    askService: FetchCatalogue;
    /** Told why the head of the page at this path could not be built; the page is served with a plain one. */
    onHeadFailure(error: unknown, path: string): void;
  },
): ShopPages {
  const template = pageTemplate(shop.html);
  const links: Links = new Map(shop.pages.map((page) => [page, linksOf(page)]));
  return {
    unknown: renderPage(template, {
      links: '',
      head: { ...pageHead(aboutNothing, undefined), title: 'Not found' },
      brought: [],
    }),
    async render(page, { path, params, isSignedIn }) {
      const urls = page.data.map((url) => withParams(url, params));
      const answers = await Promise.all(urls.map((url) => (isSignedIn ? o.askService(url) : o.ask(url))));
      const brought = answers.flatMap((answer, index): EmbeddedResponse[] =>
        answer?.status === 200 ? [{ url: urls[index] ?? '', json: answer.body }] : [],
      );
      const about: PageRequestFacts = { title: page.title, indexed: page.indexed, path, params, origin: o.origin };
      return {
        status: showsNothing(answers[0], params) ? 404 : 200,
        html: renderPage(template, {
          links: links.get(page) ?? '',
          head: headOf(about, brought.find(({ url }) => url === urls[0])?.json, o.onHeadFailure),
          brought,
        }),
      };
    },
  };
}

/** The head of a page. What is stored may be older than the rules for it, so a page never fails because of its head. */
function headOf(
  about: PageRequestFacts,
  json: string | undefined,
  onFailure: (error: unknown, path: string) => void,
): PageHead {
  try {
    return pageHead(about, json === undefined ? undefined : JSON.parse(json));
  } catch (error) {
    onFailure(error, about.path);
    return pageHead(about, undefined);
  }
}

/** A product that is not there, or a category that has none. */
function showsNothing(answer: Awaited<ReturnType<FetchCatalogue>>, params: Readonly<Record<string, string>>): boolean {
  if (answer === undefined || Object.keys(params).length === 0) return false;
  return answer.status === 404 || answer.status === 400 || answer.body.startsWith('{"items":[],');
}

const aboutNothing: PageRequestFacts = { title: undefined, indexed: false, path: '/', params: {}, origin: undefined };

const withParams = (url: string, params: Readonly<Record<string, string>>): string =>
  url.replace(/:(\w+)/g, (_, name: string) => encodeURIComponent(params[name] ?? ''));

/** Names what a page loads beside what all do, so that a browser need not find out step by step. */
function linksOf({ scripts, styles }: ShopPage): string {
  return [
    ...styles.map((file) => `<link rel="stylesheet" crossorigin href="${file}">`),
    ...scripts.map((file) => `<link rel="modulepreload" crossorigin href="${file}">`),
  ].join('');
}
