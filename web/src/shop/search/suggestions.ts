import type { ListedProduct, Suggestions } from '../../api/catalogue.ts';
import { categoryName } from '../../api/category-name.ts';

/** Where a suggestion leads to, and what it is. */
export type Suggestion = { href: string; text: string } & (
  | { kind: 'words' }
  | { kind: 'category'; products: number }
  | { kind: 'product'; product: ListedProduct }
);

export type SuggestionGroup = { label: string; items: Suggestion[] };

/** What to show for what was typed: the corrected words, categories, products; groups without any are left out. */
export function suggestionGroups({ correctedQuery, leftOut, categories, products }: Suggestions): SuggestionGroup[] {
  // A letter is a word that is still being typed.
  const without = (leftOut ?? []).filter((word) => word.length > 1);
  const groups: SuggestionGroup[] = [
    { label: 'Did you mean', items: correctedQuery === undefined ? [] : [wordsSuggestion(correctedQuery)] },
    {
      label: 'Categories',
      items: categories.map(({ slug, products: count }) => ({
        ...{ kind: 'category', href: `/categories/${slug}`, text: categoryName(slug), products: count },
      })),
    },
    {
      label: without.length > 0 ? `Products without “${without.join(', ')}”` : 'Products',
      items: products.map((product) => ({
        ...{ kind: 'product', href: `/products/${product.slug}`, text: product.title, product },
      })),
    },
  ];
  return groups.filter(({ items }) => items.length > 0);
}

const wordsSuggestion = (words: string): Suggestion => ({ kind: 'words', href: searchHref(words), text: words });

/** The address of the page of all that is found. */
export const searchHref = (words: string): string =>
  words ? `/search?${new URLSearchParams({ q: words })}` : '/search';
