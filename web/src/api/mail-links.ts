import { api, unwrap } from './client.ts';
import { currentAccount, leaveAccount, refreshSession } from './session.ts';

/** Asks for a mail with a link that sets the password; the answer does not tell whether there is an account. */
export async function requestPasswordReset(email: string): Promise<void> {
  await unwrap(api.POST('/api/v1/auth/request-password-reset', { body: { email } }));
}

/** Sets the password by the token of the link. All sessions end, that of this browser too. */
export async function resetPassword(o: { token: string; newPassword: string }): Promise<void> {
  await unwrap(api.POST('/api/v1/auth/reset-password', { body: o }));
  leaveAccount();
}

/** Asks for the mail that verifies the address again. */
export async function sendVerificationEmail(): Promise<void> {
  await unwrap(api.POST('/api/v1/auth/send-verification-email', {}));
}

/** Verifies an address by the token of the link, and returns the address. */
export async function verifyEmail(token: string): Promise<string> {
  const { email } = await unwrap(api.POST('/api/v1/auth/verify-email', { body: { token } }));
  await showChange();
  return email;
}

/** Asks for a mail to a new address, whose link makes it the account's. */
export async function changeEmail(o: { newEmail: string; currentPassword: string }): Promise<void> {
  await unwrap(api.POST('/api/v1/auth/change-email', { body: o }));
}

/** Changes the address by the token of the link, and returns the new one. */
export async function confirmNewEmail(token: string): Promise<string> {
  const { email } = await unwrap(api.POST('/api/v1/auth/confirm-new-email', { body: { token } }));
  await showChange();
  return email;
}

/** The link may be of another account than the one that is signed in here. What is shown of it is read anew; if that fails, later. */
async function showChange(): Promise<void> {
  if (currentAccount()) await refreshSession().catch(() => undefined);
}
