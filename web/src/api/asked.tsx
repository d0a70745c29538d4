import type { ReactNode } from 'react';
import { ErrorState, Loading, Skeleton } from '../design/states.tsx';
import { explain } from './problem.ts';

type Asked<T> = { data: T | undefined; error: unknown; refetch: () => unknown };

/** What was asked for, in its states. What is known is shown, even when asking anew has failed. */
export function AskedFor<T>({
  query,
  what,
  height = '12rem',
  children,
}: {
  query: Asked<T>;
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
