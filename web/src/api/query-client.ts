import { MutationCache, QueryCache, QueryClient, type QueryFilters } from '@tanstack/react-query';
import { navigate } from 'wouter/use-browser-location';
import { type Part, recordAvailability } from './outages.ts';
import { hasCode, isTransient } from './problem.ts';
import { currentAccount, endSession, onAccount } from './session.ts';

declare module '@tanstack/react-query' {
  interface Register {
    /** Which part of the shop a query or mutation asks, so that the shell can show its outage. */
    queryMeta: { part?: Part; isKeptAtSignIn?: boolean };
    mutationMeta: { part?: Part };
  }
}

const FRESH_MS = 30_000;
const RETRIES = 2;
/** A page whose fetch has failed for a passing reason fetches again by itself, after this long, twice as long, and so on. */
const REFETCH_MS = 5_000;
const LONGEST_REFETCH_MS = 30_000;

/** How long after a failed fetch the next one comes; none does where the reason will not pass by itself. */
export function refetchDelay({ state }: { state: { error: unknown; errorUpdateCount: number } }): number | false {
  if (!isTransient(state.error)) return false;
  return Math.min(REFETCH_MS * 2 ** Math.max(0, state.errorUpdateCount - 1), LONGEST_REFETCH_MS);
}

type Meta = { part?: Part } | undefined;

/** One for the page: what has been read of the API, and how it is asked. */
export function createQueryClient(): QueryClient {
  const heard = (meta: Meta, error: unknown) => {
    if (meta?.part) recordAvailability(meta.part, !isTransient(error));
    if (hasCode(error, 'unauthenticated')) endSession();
    // The page of the account is the one that works now: there it is set up.
    if (hasCode(error, 'second_factor_not_set_up') && location.pathname !== '/account') navigate('/account');
  };
  const asked = {
    onSuccess: (_data: unknown, { meta }: { meta: Meta }) => heard(meta, undefined),
    onError: (error: unknown, { meta }: { meta: Meta }) => heard(meta, error),
  };
  const client = new QueryClient({
    queryCache: new QueryCache(asked),
    mutationCache: new MutationCache({
      onSuccess: (_data, _variables, _result, mutation) => heard(mutation.meta, undefined),
      onError: (error, _variables, _result, mutation) => heard(mutation.meta, error),
    }),
    defaultOptions: {
      queries: {
        staleTime: FRESH_MS,
        // Asked even when the browser believes itself offline: it may be wrong, and what is known is shown meanwhile.
        networkMode: 'always',
        retry: (failures, error) => failures < RETRIES && isTransient(error),
        // Not by default with that network mode.
        refetchOnReconnect: true,
        refetchInterval: refetchDelay,
      },
      // A change is sent again only by those who know that it may be.
      mutations: { networkMode: 'always', retry: false },
    },
  });
  forgetOnChange(client);
  return client;
}

/**
 * What one account was shown is not for the next: all but the public catalogue is forgotten at once; the desk of a seller comes from the
 * same service, and is theirs. What is still on the page is asked for anew, once the page has seen who is there now: what it no longer shows would only be refused.
 */
function forgetOnChange(client: QueryClient): void {
  const theirs: QueryFilters = { predicate: ({ queryKey }) => queryKey[0] !== 'catalogue' };
  let owner = currentAccount()?.id;
  onAccount(() => {
    const next = currentAccount()?.id;
    if (next === owner) return;
    const wasGuest = owner === undefined;
    owner = next;
    for (const query of client.getQueryCache().findAll(theirs)) {
      if (!(wasGuest && query.meta?.isKeptAtSignIn)) query.reset();
    }
    setTimeout(() => void client.refetchQueries({ ...theirs, type: 'active' }));
  });
}
