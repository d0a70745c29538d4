import type { ReactNode } from 'react';
import { ErrorState, Loading, Skeleton } from '../design/page-states.tsx';
import { explain } from './problem.ts';

type Query<T> = { data: T | undefined; error: unknown; refetch: () => unknown };

/** Shows the data of a query, or its loading or error state. Data stays visible when a later fetch fails. */
export function QueryBoundary<T>({
  query,
  what,
  height = '12rem',
  children,
}: {
  query: Query<T>;
  what: string;
  height?: string;
  children: (data: T) => ReactNode;
}) {
  if (query.data !== undefined) return children(query.data);
  if (!query.error) {
    return (
      <Loading label={what}>
        <Skeleton height={height} />
      </Loading>
    );
  }
  return (
    <ErrorState title={`${what} cannot be shown`} onRetry={() => void query.refetch()}>
      {explain(query.error)}
    </ErrorState>
  );
}
