import type { PublicKeyCredentialRequestOptionsJSON } from '@simplewebauthn/browser';
import { useSyncExternalStore } from 'react';
import { createStore, createStoredStore } from '../design/store.ts';
import { forgetTypedInput, hasTypedInput } from '../design/typed-input.ts';
import { api, type ResponseOf, unwrap } from './client.ts';
import { withPasskeyErrors } from './passkey-errors.ts';
import type { ProviderAnswer } from './providers.ts';

type User = ResponseOf<'signIn'>['user'];

/** Who is signed in, as far as this page needs to know it. */
export type Account = Pick<User, 'id' | 'name' | 'email' | 'emailVerified' | 'role'> & {
  /** What it may do as an operator. */
  permissions: readonly string[];
  /** The operator who acts as the account in this browser. */
  operator: { id: string; name: string } | null;
};

/**
 * The credential is the session cookie, which scripts cannot read. What is kept here beside it is only for show: whose name
 * to print, which links to offer. Whoever edits it gains nothing, since every request is judged by the cookie.
 */
const account = createStoredStore<Account | null>('tradepost.account', null, readAccount);

/**
 * The account that this page is shown to. It stays after the session has ended while the page has something that the reader has
 * written: they sign in again in front of the page, and nothing of it is lost. Whoever signs out wants the page closed.
 */
const shown = createStore(account.get());
const ended = createStore(false);
/** When somebody signs out, in whichever tab: written, and removed again, so that the others hear of it. */
const signedOutAt = createStoredStore('tradepost.signed-out', '', (stored) =>
  typeof stored === 'string' ? stored : undefined,
);
signedOutAt.subscribe(forgetTypedInput);
account.subscribe(() => {
  const next = account.get();
  const isKept = next === null && shown.get() !== null && hasTypedInput();
  ended.set(isKept);
  if (!isKept) shown.set(next);
});

export const useAccount = (): Account | null => useSyncExternalStore(shown.subscribe, shown.get);
export const currentAccount = (): Account | null => shown.get();

/** Whether the session of the account that the page is shown to has ended. */
export const useSessionHasEnded = (): boolean => useSyncExternalStore(ended.subscribe, ended.get);

/** Calls back when somebody signs in or out, in this tab or another; answers how to stop it. */
export const onAccount = (listener: () => void): (() => void) => shown.subscribe(listener);

export async function signIn(credentials: { email: string; password: string }): Promise<Account> {
  const { user } = await unwrap(api.POST('/api/v1/auth/sign-in/email', { body: credentials }));
  return user.role === 'staff' || user.role === 'admin' ? beginSession(user) : begin(user);
}

/** Finishes a sign-in by a code; `challenge` is of the problem that asked for it. */
export async function finishSignIn(o: { challenge: string; code: string }): Promise<Account> {
  return begin((await unwrap(api.POST('/api/v1/auth/sign-in/second-factor', { body: o }))).user);
}

/** Asks the browser for any passkey of this shop, and signs in with it. */
export async function signInWithPasskey(): Promise<Account> {
  const options = await unwrap(api.POST('/api/v1/auth/sign-in/passkey/options', {}));
  // What only this needs is loaded with it.
  const { startAuthentication } = await import('@simplewebauthn/browser');
  const shown = await withPasskeyErrors(() =>
    // as: the API says that these are the options of WebAuthn.
    startAuthentication({ optionsJSON: options as unknown as PublicKeyCredentialRequestOptionsJSON }),
  );
  const { id, rawId, type, response } = shown;
  const { clientDataJSON, authenticatorData, signature } = response;
  const read = { id, rawId, type, clientExtensionResults: {} };
  const body = { response: { ...read, response: { clientDataJSON, authenticatorData, signature } } };
  return begin((await unwrap(api.POST('/api/v1/auth/sign-in/passkey', { body }))).user);
}

/** Finishes a sign-in by a provider, with what that has added to the address. */
export async function signInByProvider(body: ProviderAnswer): Promise<Account> {
  const { user } = await unwrap(api.POST('/api/v1/auth/sign-in/provider/finish', { body }));
  return user.role === 'staff' || user.role === 'admin' ? beginSession(user) : begin(user);
}

export async function signUp(person: { name: string; email: string; password: string }): Promise<Account> {
  const { user } = await unwrap(api.POST('/api/v1/auth/sign-up/email', { body: person }));
  return begin(user);
}

export async function renameAccount(name: string): Promise<Account> {
  return begin(await unwrap(api.POST('/api/v1/auth/update-user', { body: { name } })));
}

/** Ends all sessions; the one that begins in their place is this browser's. */
export async function changePassword(passwords: { currentPassword: string; newPassword: string }): Promise<Account> {
  return begin((await unwrap(api.POST('/api/v1/auth/change-password', { body: passwords }))).user);
}

/** Ends the session at the server; it is forgotten here even if that cannot be reached, but then that is thrown. */
export async function signOut(): Promise<void> {
  try {
    await unwrap(api.POST('/api/v1/auth/sign-out', {}));
  } finally {
    leaveAccount();
  }
}

/** Erases the account for good, and with it what this browser knows of it. */
export async function eraseAccount(confirmation: { currentPassword: string; code?: string }): Promise<void> {
  await unwrap(api.POST('/api/v1/auth/erase-account', { body: confirmation }));
  leaveAccount();
}

/** Closes all pages of the account, in every tab. */
export function leaveAccount(): void {
  signedOutAt.set(new Date().toISOString());
  signedOutAt.set('');
  endSession();
}

/** The server says that there is no session any more. */
export function endSession(): void {
  account.set(null);
}

/** Asks the server who is signed in, where there is reason to believe that somebody is: a guest is not to cause a 401. */
export async function refreshSession(): Promise<void> {
  if (account.get() === null) return;
  let isOutdated = false;
  const stop = account.subscribe(() => {
    isOutdated = true;
  });
  try {
    const { user, ...rights } = await unwrap(api.GET('/api/v1/auth/get-session'));
    // Somebody signed in or out, or changed the name, while the answer was on its way: it tells of the time before.
    if (!isOutdated) begin(user, rights);
  } finally {
    stop();
  }
}

/** Somebody has a session now. What an operator may do, and whether they act as somebody, only the session tells. */
export async function beginSession(user: User): Promise<Account> {
  const known = begin(user);
  await refreshSession().catch(() => undefined);
  return account.get() ?? known;
}

type Rights = Pick<Account, 'permissions' | 'operator'>;
const noRights: Rights = { permissions: [], operator: null };

function begin({ id, name, email, emailVerified, role }: User, rights?: Rights): Account {
  // Not what is stored: after a session has ended, the pages that stand open stay open to whoever signs in again.
  const before = shown.get();
  const { permissions, operator } = rights ?? (before?.id === id ? before : noRights);
  const known = { id, name, email, emailVerified, role, permissions, operator };
  account.set(known);
  return known;
}

function readAccount(stored: unknown): Account | undefined {
  if (typeof stored !== 'object' || stored === null) return undefined;
  const { id, name, email, emailVerified, role, ...more } = stored as Partial<Record<keyof Account, unknown>>;
  const isText = [id, name, email].every((value) => typeof value === 'string');
  const isRole = role === 'customer' || role === 'seller' || role === 'staff' || role === 'admin';
  // as: each field has just been looked at.
  const rights = { permissions: readPermissions(more.permissions), operator: readOperator(more.operator) };
  return isText && isRole
    ? ({ id, name, email, emailVerified: emailVerified === true, role, ...rights } as Account)
    : undefined;
}

// These are functions that are hoisted: what is stored is read while this module is loaded.
function readPermissions(stored: unknown): string[] {
  return Array.isArray(stored) ? stored.filter((one) => typeof one === 'string') : [];
}

function readOperator(stored: unknown): Account['operator'] {
  if (typeof stored !== 'object' || stored === null || !('id' in stored) || !('name' in stored)) return null;
  const { id, name } = stored;
  return typeof id === 'string' && typeof name === 'string' ? { id, name } : null;
}
