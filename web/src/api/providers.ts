import { queryOptions } from '@tanstack/react-query';
import { api, type ResponseOf, unwrap } from './client.ts';
import { explain, hasCode } from './problem.ts';

export type Provider = ResponseOf<'listSignInProviders'>['items'][number];
export type Identity = ResponseOf<'listIdentities'>['items'][number];

/** By which other accounts people can sign in; most shops have none. */
export const providersQuery = queryOptions({
  queryKey: ['sign-in-providers'],
  queryFn: async ({ signal }) => (await unwrap(api.GET('/api/v1/auth/providers', { signal }))).items,
  meta: { part: 'accounts' },
  staleTime: 600_000,
});

export const identitiesQuery = queryOptions({
  queryKey: ['identities'],
  queryFn: ({ signal }) => unwrap(api.GET('/api/v1/auth/identities', { signal })),
  meta: { part: 'accounts' },
});

/** What somebody went to a provider for, and the page after it. Kept in this tab, since the provider's pages come between. */
export type PendingProviderSignIn = { provider: string; purpose: 'sign-in' | 'connect'; next: string };

const KEY = 'tradepost.provider';

/** Takes the browser to the provider; resolves when it is about to leave. */
export async function goToProvider(pending: PendingProviderSignIn, currentPassword = ''): Promise<void> {
  const { provider } = pending;
  const { url } =
    pending.purpose === 'sign-in'
      ? await unwrap(api.POST('/api/v1/auth/sign-in/provider', { body: { provider } }))
      : await unwrap(api.POST('/api/v1/auth/identities', { body: { provider, currentPassword } }));
  sessionStorage.setItem(KEY, JSON.stringify(pending));
  window.location.assign(url);
}

/** What this tab went to the provider for; undefined in another tab, and after it was done. */
export function readErrand(): PendingProviderSignIn | undefined {
  try {
    const kept: unknown = JSON.parse(sessionStorage.getItem(KEY) ?? 'null');
    if (typeof kept !== 'object' || kept === null) return undefined;
    const { provider, purpose, next } = kept as Partial<Record<keyof PendingProviderSignIn, unknown>>;
    if (typeof provider !== 'string' || typeof next !== 'string') return undefined;
    return purpose === 'sign-in' || purpose === 'connect' ? { provider, purpose, next } : undefined;
  } catch {
    return undefined;
  }
}

export const forgetErrand = (): void => sessionStorage.removeItem(KEY);

/** What to tell of an error: that a provider is away says nothing of this shop. */
export const explainProvider = (error: unknown): string =>
  hasCode(error, 'provider_unavailable') ? error.message : explain(error);

/** What the provider has added to the address of the page. */
export type ProviderAnswer = { provider: string; state: string; code: string; iss?: string };

export const finishConnecting = (body: ProviderAnswer): Promise<Identity> =>
  unwrap(api.POST('/api/v1/auth/identities/finish', { body }));

export async function disconnect(id: string): Promise<void> {
  await unwrap(api.DELETE('/api/v1/auth/identities/{id}', { params: { path: { id } } }));
}
