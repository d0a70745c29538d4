import { decimalAmount } from '@tradepost/contracts/currencies';
import { type Static, Type } from 'typebox';
import { Value } from 'typebox/value';
import type { PageHead, PreviewImage } from './seo-head-html.ts';

const Media = Type.Array(Type.Object({ url: Type.String(), alt: Type.Optional(Type.String()) }));
const Money = Type.Object({ amount: Type.Integer(), currency: Type.String() });

/** What of a product its page says to those who do not run scripts. More may be there; it is not looked at. */
const Product = Type.Object({
  slug: Type.String(),
  title: Type.String(),
  description: Type.String(),
  media: Media,
  variants: Type.Array(
    Type.Object({ sku: Type.String(), title: Type.String(), price: Money, available: Type.Integer() }),
  ),
});
const List = Type.Object({ items: Type.Array(Type.Object({ media: Media }), { minItems: 1 }) });

export type PageRequestFacts = {
  /** Of the page, whatever it shows. */
  title: string | undefined;
  indexed: boolean;
  /** The path that was asked for, and its parameters. */
  path: string;
  params: Readonly<Record<string, string>>;
  /** Where clients reach the shop; without it nothing complete can be said. */
  origin: string | undefined;
};

const DESCRIPTION_LENGTH = 160;
/**
 * What link previews show where a page has no picture of its own that they can: the shop's, 1200 × 630 pixels, as
 * `web/public` has it. Networks that make previews do not draw SVG.
 */
const SHOP_PREVIEW: PreviewImage = { url: '/preview.png', alt: 'The shop', width: 1200, height: 630 };
/** Formats that they do show, by the ending of the picture's path. */
const PREVIEWED = /\.(png|jpe?g|webp|gif)$/i;

/** Products of a list whose pictures are seen without scrolling, on a telephone too. */
const SEEN_AT_ONCE = 3;

/** The head of a page, from the first thing that it shows: a product, or a list of them. */
export function pageHead(about: PageRequestFacts, shown: unknown): PageHead {
  const { origin, path, params, indexed } = about;
  const canonical = origin === undefined || !indexed ? undefined : `${origin}${path}`;
  const complete = (url: string | undefined) =>
    url === undefined || origin === undefined ? undefined : URL.parse(url, origin)?.href;
  if (Value.Check(Product, shown)) {
    const image = shown.media[0]?.url;
    return {
      title: shown.title,
      description: firstWords(shown.description),
      canonical,
      indexed,
      type: 'product',
      image: previewOf(shown.media, complete),
      preload: ownPaths([image]),
      structured: structuredProduct(shown, complete, canonical),
    };
  }
  const isList = Value.Check(List, shown);
  const images = isList ? shown.items.slice(0, SEEN_AT_ONCE).map(({ media }) => media[0]?.url) : [];
  const name = isList && params.slug !== undefined ? nameOf(params.slug) : undefined;
  const title = about.title ?? name;
  const description = name && `${name}: what is on the shelf, with prices and stock as they are now.`;
  return {
    title,
    description,
    canonical,
    indexed,
    type: 'website',
    image: previewOf([], complete),
    preload: ownPaths(images),
    structured: undefined,
  };
}

/** The first picture that a link preview can show, or the shop's own; none where nothing complete can be said. */
function previewOf(
  media: Static<typeof Media>,
  complete: (url: string | undefined) => string | undefined,
): PreviewImage | undefined {
  const own = media.find(({ url }) => PREVIEWED.test(url.split(/[?#]/, 1)[0] ?? ''));
  const image = own ? { url: own.url, alt: own.alt ?? '' } : SHOP_PREVIEW;
  const url = complete(image.url);
  return url === undefined ? undefined : { ...image, url };
}

/** Source: https://schema.org/Product, and https://developers.google.com/search/docs/appearance/structured-data/product */
function structuredProduct(
  product: Static<typeof Product>,
  complete: (url: string | undefined) => string | undefined,
  canonical: string | undefined,
): object {
  return {
    '@context': 'https://schema.org',
    '@type': 'Product',
    name: product.title,
    description: product.description,
    image: product.media.map(({ url }) => complete(url)).filter((url) => url !== undefined),
    ...(canonical !== undefined && { url: canonical }),
    offers: product.variants.map(({ sku, title, price, available }) => ({
      '@type': 'Offer',
      sku,
      ...(title !== '' && { name: title }),
      price: decimalAmount(price),
      priceCurrency: price.currency,
      availability: `https://schema.org/${available > 0 ? 'InStock' : 'OutOfStock'}`,
      ...(canonical !== undefined && { url: `${canonical}?variant=${encodeURIComponent(sku)}` }),
    })),
  };
}

function firstWords(text: string): string {
  const line = text.replace(/\s+/g, ' ').trim();
  if (line.length <= DESCRIPTION_LENGTH) return line;
  // Whole characters: half of an emoji is shown as a question mark.
  const cut = line.slice(0, DESCRIPTION_LENGTH).replace(/[\uD800-\uDBFF]$/, '');
  return `${cut.replace(/\s\S*$/, '')} …`;
}

/** Paths of this host; what is elsewhere is for the browser to come to. */
const ownPaths = (urls: readonly (string | undefined)[]): string[] =>
  urls.filter((url) => url !== undefined).filter((url) => url.startsWith('/') && !url.startsWith('//'));

/** As the shop itself writes the name of a category: `home-and-living` is `Home and living`. */
function nameOf(slug: string): string {
  const words = slug.replaceAll('-', ' ');
  return words.charAt(0).toUpperCase() + words.slice(1);
}
