import { queryOptions } from '@tanstack/react-query';
import { api, type ResponseOf, unwrap } from '../../api/client.ts';

export type SynonymGroup = ResponseOf<'listSynonyms'>['items'][number];

export const SYNONYMS_KEY = ['control', 'synonyms'];

export const synonymsQuery = queryOptions({
  queryKey: SYNONYMS_KEY,
  queryFn: ({ signal }) => unwrap(api.GET('/api/v1/admin/product/synonyms', { signal })),
  staleTime: 0,
  retry: false,
});

/** Throws `version_conflict` when another operator has changed the group since it was read. */
export const saveSynonyms = ({ id, version }: { id: string; version?: number }, terms: string[]) =>
  unwrap(
    api.PUT('/api/v1/admin/product/synonyms/{id}', {
      params: { path: { id }, ...(version !== undefined && { header: { 'If-Match': `"${version}"` } }) },
      body: { terms },
    }),
  );

export const deleteSynonyms = (id: string): Promise<unknown> =>
  unwrap(api.DELETE('/api/v1/admin/product/synonyms/{id}', { params: { path: { id } } }));

/** What an operator wrote into one field: the terms between commas, each once. */
export const termsOf = (text: string): string[] => [
  ...new Set(
    text
      .split(',')
      .map((term) => term.trim())
      .filter((term) => term !== ''),
  ),
];
