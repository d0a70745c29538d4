import type { Locale } from '@tradepost/contracts/locales';
import type { Pool } from '@tradepost/postgres/pool';
import type { EncryptText } from '@tradepost/runtime/event-encryption';
import type { AttemptLimits, MailLimits } from '../domain/attempts.ts';
import type { SessionCookie } from '../domain/cookies.ts';
import type { Provider } from '../domain/providers.ts';
import type { AccountMails } from '../store/account-mails.ts';
import type { BetterAuthStore } from '../store/better-auth-store.ts';
import type { BetterAuth } from './better-auth.ts';
import type { DeferredWork } from './deferred-work.ts';
import type { KeyRing } from './key-ring.ts';
import type { ProviderClient } from './provider-client.ts';
import type { CountUnsettledSales } from './unsettled-sales.ts';

/** What the actions work with. */
export type Context = {
  pool: Pool;
  betterAuth: BetterAuth;
  keys: KeyRing;
  mails: AccountMails;
  /** Runs better-auth's functions in one transaction with what `write` writes. */
  accounts: Pick<BetterAuthStore, 'transaction' | 'write'>;
  /** What is done after the response. */
  deferred: DeferredWork;
  cookie: SessionCookie;
  /** The secret that signs session cookies, and before it those whose signatures are still good. */
  secrets: readonly [string, ...string[]];
  sessionSeconds: number;
  refreshSeconds: number;
  passwordLimits: AttemptLimits;
  signUpLimit: number;
  signUpWindowSeconds: number;
  mailLimits: MailLimits;
  apiKeysPerAccount: number;
  /** Wrong codes of one account. */
  codeLimit: { limit: number; windowSeconds: number };
  /** The shop as authenticators know it (WebAuthn): the host of its public URL. */
  relyingParty: { id: string; origin: string; name: string };
  /** Who must have a second factor. */
  requireSecondFactor: 'none' | 'staff';
  /** By which other accounts people can sign in. */
  providers: readonly Provider[];
  providerClient: ProviderClient;
  /** Encrypts in events what only `notification` may read. */
  encrypt: EncryptText;
  countUnsettledSales: CountUnsettledSales;
  now(): Date;
};

/** What a request says of who sent it. */
export type Requester = {
  authorization: string | undefined;
  cookie: string | undefined;
  /** The address it comes from. */
  address: string;
  userAgent: string | undefined;
  /** The language that the browser asks for, if mails are written in it. */
  locale?: Locale | undefined;
};
