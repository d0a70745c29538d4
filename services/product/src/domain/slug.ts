const MAX_LENGTH = 80;
/** A slug is part of a path, where a letter that is not Latin takes up to twelve characters. */
const MAX_ENCODED_LENGTH = 180;

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/** Paths below `/api/v1/products/` that are no products. */
const RESERVED: readonly string[] = ['imports', 'suggestions'];

/** Letters that have no decomposition into a plain one and a mark. */
const plain: Readonly<Record<string, string>> = {
  ß: 'ss',
  æ: 'ae',
  œ: 'oe',
  ø: 'o',
  đ: 'd',
  ð: 'd',
  þ: 'th',
  ł: 'l',
  ı: 'i',
};

/**
 * The part of a title that makes a readable path: lower case, words joined by hyphens, Latin letters without accents.
 * Other scripts stay as they are, since their readers read them. Never empty, never what an id looks like, and never the path of
 * something else.
 */
export function slugOf(title: string): string {
  const words = title
    .normalize('NFKD')
    .replace(/(\p{Script=Latin})\p{M}+/gu, '$1')
    .normalize('NFC')
    .toLowerCase()
    .replace(/[ßæœøđðþłı]/g, (letter) => plain[letter] ?? letter)
    .replace(/['’]/g, '')
    .split(/[^\p{L}\p{M}\p{N}]+/u)
    .filter((word) => word !== '');
  const slug = joinUpTo(words);
  if (slug === '') return 'product';
  return UUID.test(slug) || RESERVED.includes(slug) ? `p-${slug}` : slug;
}

/** As many whole words as fit; a first one that is too long is cut. */
function joinUpTo(words: readonly string[]): string {
  let slug = '';
  for (const word of words) {
    const longer = slug === '' ? word : `${slug}-${word}`;
    if (!fits(longer)) return slug === '' ? cut(word) : slug;
    slug = longer;
  }
  return slug;
}

function cut(word: string): string {
  const letters = [...word];
  while (!fits(letters.join(''))) letters.pop();
  return letters.join('');
}

const fits = (slug: string): boolean =>
  slug.length <= MAX_LENGTH && encodeURIComponent(slug).length <= MAX_ENCODED_LENGTH;

/** What to try as the slug of a new product, in this order; the last one is as unique as its id. */
export function slugCandidates(title: string, id: string): [string, string, string] {
  const slug = slugOf(title);
  // The end of a UUIDv7 is random.
  return [slug, `${slug}-${id.slice(-6)}`, `${slug}-${id.slice(-12)}`];
}

/** Whether a path segment names a product by its id. */
export const isId = (idOrSlug: string): boolean => UUID.test(idOrSlug);
