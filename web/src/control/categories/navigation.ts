import { queryOptions } from '@tanstack/react-query';
import { api, type ResponseOf, unwrap } from '../../api/client.ts';
import { keepNewest } from '../../api/newest-version.ts';

export type Navigation = ResponseOf<'getCategoryNavigation'>;
export type Category = ResponseOf<'listCategories'>['items'][number];

/** The largest categories, in the navigation or not. */
export const allCategoriesQuery = queryOptions({
  queryKey: ['control', 'categories', 'all'],
  queryFn: ({ signal }) => unwrap(api.GET('/api/v1/categories', { params: { query: { limit: 200 } }, signal })),
  staleTime: 0,
  retry: false,
});

export const navigationSettingQuery = queryOptions({
  queryKey: ['control', 'categories', 'navigation'],
  queryFn: ({ signal }) => unwrap(api.GET('/api/v1/categories/navigation', { signal })),
  structuralSharing: keepNewest,
  staleTime: 0,
  retry: false,
});

/** Throws `version_conflict` when another operator has changed the navigation since it was read. */
export const replaceNavigation = ({ version, slugs }: Navigation): Promise<Navigation> =>
  unwrap(
    api.PUT('/api/v1/categories/navigation', {
      params: { header: { 'If-Match': `"${version}"` } },
      body: { slugs },
    }),
  );

/** The list with the entry at `from` moved to `to`; unchanged where there is no such place. */
export function moveItem(slugs: readonly string[], from: number, to: number): string[] {
  const [slug] = slugs.slice(from, from + 1);
  if (slug === undefined || to < 0 || to >= slugs.length) return [...slugs];
  return slugs.toSpliced(from, 1).toSpliced(to, 0, slug);
}
