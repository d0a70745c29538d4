import type { PublicKeyCredentialCreationOptionsJSON } from '@simplewebauthn/browser';
import { queryOptions } from '@tanstack/react-query';
import { api, type ResponseOf, unwrap } from './client.ts';
import { withPasskeyErrors } from './passkey-errors.ts';

export type SecondFactor = ResponseOf<'getSecondFactor'>;
export type Passkey = ResponseOf<'listPasskeys'>['items'][number];

/** Whether the account has a second factor. */
export const secondFactorQuery = queryOptions({
  queryKey: ['second-factor'],
  queryFn: ({ signal }) => unwrap(api.GET('/api/v1/auth/two-factor', { signal })),
  meta: { part: 'accounts' },
});

export const passkeysQuery = queryOptions({
  queryKey: ['passkeys'],
  queryFn: async ({ signal }) => (await unwrap(api.GET('/api/v1/auth/passkeys', { signal }))).items,
  meta: { part: 'accounts' },
});

/** A secret for an authenticator app; nothing asks for its codes yet. */
export const beginSecondFactor = (currentPassword: string) =>
  unwrap(api.POST('/api/v1/auth/two-factor/enable', { body: { currentPassword } }));

/** Turns the second factor on, and returns the recovery codes. */
export async function confirmSecondFactor(code: string): Promise<string[]> {
  return (await unwrap(api.POST('/api/v1/auth/two-factor/confirm', { body: { code } }))).recoveryCodes;
}

export type PasswordAndCode = { currentPassword: string; code: string };

export async function disableSecondFactor(body: PasswordAndCode): Promise<void> {
  await unwrap(api.POST('/api/v1/auth/two-factor/disable', { body }));
}

export async function renewRecoveryCodes(body: PasswordAndCode): Promise<string[]> {
  return (await unwrap(api.POST('/api/v1/auth/two-factor/recovery-codes', { body }))).recoveryCodes;
}

/** Has the browser make a passkey, and adds it to the account. */
export async function addPasskey({
  name,
  currentPassword,
}: {
  name: string;
  currentPassword: string;
}): Promise<Passkey> {
  const options = await unwrap(api.POST('/api/v1/auth/passkeys/options', { body: { currentPassword } }));
  // What only this needs is loaded with it.
  const { startRegistration } = await import('@simplewebauthn/browser');
  const made = await withPasskeyErrors(() =>
    // as: the API says that these are the options of WebAuthn.
    startRegistration({ optionsJSON: options as unknown as PublicKeyCredentialCreationOptionsJSON }),
  );
  const { id, rawId, type, response } = made;
  const { clientDataJSON, attestationObject, transports = [] } = response;
  const read = { id, rawId, type, clientExtensionResults: {} };
  const body = { name, response: { ...read, response: { clientDataJSON, attestationObject, transports } } };
  return unwrap(api.POST('/api/v1/auth/passkeys', { body }));
}

export const renamePasskey = ({ id, name }: { id: string; name: string }): Promise<Passkey> =>
  unwrap(api.PATCH('/api/v1/auth/passkeys/{id}', { params: { path: { id } }, body: { name } }));

export async function removePasskey(id: string): Promise<void> {
  await unwrap(api.DELETE('/api/v1/auth/passkeys/{id}', { params: { path: { id } } }));
}
