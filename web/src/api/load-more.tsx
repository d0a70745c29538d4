import { Button } from '../design/button.tsx';
import { Notice } from '../design/notice.tsx';
import { explain } from './problem.ts';

type PagedQuery = {
  hasNextPage: boolean;
  isFetchingNextPage: boolean;
  isFetchNextPageError: boolean;
  error: unknown;
  fetchNextPage: () => unknown;
};

/** The button below a list of which there is more, and why the rest did not come. */
export function LoadMore({ query, text = 'Load more' }: { query: PagedQuery; text?: string }) {
  if (!query.hasNextPage) return null;
  return (
    <>
      {query.isFetchNextPageError && <Notice tone="bad">The rest cannot be shown. {explain(query.error)}</Notice>}
      <Button busy={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>
        {text}
      </Button>
    </>
  );
}
