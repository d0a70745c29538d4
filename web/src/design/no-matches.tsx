import type { ReactNode } from 'react';
import { useSearchParams } from 'wouter';
import { Button } from './button.tsx';
import { EmptyState } from './page-states.tsx';

/** In the place of a list in which nothing fits the filters in the address, which it takes back. */
export function NoMatches({ title, children }: { title: string; children?: ReactNode }) {
  const [, setParams] = useSearchParams();
  return (
    <EmptyState title={title} action={<Button onClick={() => setParams({})}>Clear the filters</Button>}>
      {children}
    </EmptyState>
  );
}
