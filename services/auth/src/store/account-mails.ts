import type { EventData } from '@tradepost/contracts/events';
import type { Tx } from '@tradepost/postgres/db';
import { newEvent } from '@tradepost/postgres/outbox';
import { uuidv7 } from '@tradepost/postgres/uuid';
import type { EncryptText } from '@tradepost/runtime/event-encryption';
import { currentTraceparent } from '@tradepost/runtime/trace';
import { publishEvents } from './account-events.ts';
import { issueMailToken } from './mail-tokens.ts';

/** How long the links in mails are good. */
export const RESET_SECONDS = 30 * 60;
const VERIFY_SECONDS = 24 * 3600;

/** `locale`: the language of the account, where it is known. */
type Recipient = { id: string; name: string; email: string; locale?: string | null | undefined };

/** What has happened to what an account signs in with; the name of the mail that tells of it. */
export type FactorChange =
  | 'second_factor_on'
  | 'second_factor_off'
  | 'second_factor_removed'
  | 'recovery_code_used'
  | 'passkey_added'
  | 'provider_connected'
  | 'provider_disconnected';

/** Requests mails, each in the transaction of its cause. `notification` sends them. */
export type AccountMails = {
  verifyEmail(tx: Tx, account: Recipient): Promise<void>;
  /** `token` is better-auth's, which has stored it. */
  resetPassword(tx: Tx, account: Recipient, token: string): Promise<void>;
  confirmNewEmail(tx: Tx, account: Recipient, newEmail: string): Promise<void>;
  /** To the address that the account had before. */
  emailChanged(tx: Tx, before: Recipient, newEmail: string): Promise<void>;
  passwordChanged(tx: Tx, account: Recipient): Promise<void>;
  /** Tells that what the account signs in with has changed; `provider` is the name of the sign-in provider that it is about. */
  factorsChanged(tx: Tx, account: Recipient, change: FactorChange, provider?: string): Promise<void>;
  /** To somebody who need not have an account. */
  invitation(tx: Tx, invitation: { id: string; email: string; expiresAt: Date }, token: string): Promise<void>;
  newSignIn(tx: Tx, account: Recipient, userAgent: string | undefined): Promise<void>;
};

type MailData = EventData<'account.mail-requested.v1'>;

export function createAccountMails(o: { encrypt: EncryptText; now(): Date }): AccountMails {
  const announce = (tx: Tx, subject: string, mail: Omit<MailData, 'mailId'>) => {
    const data = { mailId: uuidv7(), ...mail };
    const traceparent = currentTraceparent();
    return publishEvents(tx, [
      newEvent({ source: 'auth', type: 'account.mail-requested.v1', subject, data, traceparent }),
    ]);
  };
  const request = (tx: Tx, account: Recipient, mail: Omit<MailData, 'mailId' | 'accountId' | 'name' | 'locale'>) => {
    const { id: accountId, name, locale } = account;
    return announce(tx, accountId, { accountId, name, ...(locale && { locale }), ...mail });
  };
  /** The token leaves `auth` encrypted: outboxes, the broker and dead letters do not hold it readable. */
  const link = async (path: string, token: string, expiresAt: Date) => ({
    token: await o.encrypt(token),
    expiresAt: expiresAt.toISOString(),
    path,
  });
  const inSeconds = (seconds: number) => new Date(o.now().getTime() + seconds * 1000);
  return {
    async verifyEmail(tx, account) {
      const expiresAt = inSeconds(VERIFY_SECONDS);
      const wanted = { accountId: account.id, email: account.email };
      const token = await issueMailToken(tx, 'verify-email', wanted, expiresAt);
      const parts = await link('/verify-email', token, expiresAt);
      await request(tx, account, { mail: 'verify_email', to: account.email, ...parts });
    },
    async resetPassword(tx, account, token) {
      const parts = await link('/reset-password', token, inSeconds(RESET_SECONDS));
      await request(tx, account, { mail: 'reset_password', to: account.email, ...parts });
    },
    async confirmNewEmail(tx, account, newEmail) {
      const expiresAt = inSeconds(VERIFY_SECONDS);
      const wanted = { accountId: account.id, email: newEmail };
      const token = await issueMailToken(tx, 'confirm-new-email', wanted, expiresAt);
      const parts = await link('/confirm-email', token, expiresAt);
      await request(tx, account, { mail: 'confirm_new_email', to: newEmail, ...parts });
    },
    async invitation(tx, { id, email, expiresAt }, token) {
      const parts = await link('/invitations/accept', token, expiresAt);
      await announce(tx, id, { mail: 'invitation', to: email, ...parts });
    },
    emailChanged: (tx, before, newEmail) => request(tx, before, { mail: 'email_changed', to: before.email, newEmail }),
    passwordChanged: (tx, account) => request(tx, account, { mail: 'password_changed', to: account.email }),
    factorsChanged: (tx, account, mail, provider) =>
      request(tx, account, { mail, to: account.email, ...(provider !== undefined && { provider }) }),
    newSignIn: (tx, account, userAgent) =>
      request(tx, account, { mail: 'new_sign_in', to: account.email, ...(userAgent !== undefined && { userAgent }) }),
  };
}
