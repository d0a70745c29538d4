import type { Locale } from '@tradepost/contracts/locales';
import type { Pool } from '@tradepost/postgres/pool';
import type { DecryptText } from '@tradepost/runtime/event-encryption';
import type { Logger } from 'pino';
import type { Branding } from '../domain/mail-document.ts';
import type { RetryPolicy } from '../domain/retry.ts';
import type { UnsubscribeKeys } from '../domain/unsubscribe-token.ts';
import type { MailSender } from '../smtp/mail-sender.ts';
import type { MailLeases } from '../store/mail-leases.ts';
import type { LeasedMails } from './leased-mails.ts';

/** What the actions work with; made once in `service.ts`. */
export type Context = {
  pool: Pool;
  log: Logger;
  now: () => Date;
  random: () => number;
  decrypt: DecryptText;
  unsubscribeKeys: UnsubscribeKeys;
  branding: Branding;
  defaultLocale: Locale;
  /** The part after @ of each Message-ID. */
  mailDomain: string;
  /** Where mail servers send bounces; each mail has its own address made of it. Missing: to the sender. */
  bounceAddress: string | undefined;
  paymentDelayMs: number;
  leasedMails: LeasedMails;
  /** Called once so many mails are due, or leased, that were not before. */
  mailsDue: (count: number) => void;
  /** Called once erasures are to be confirmed. */
  erasuresDue: () => void;
};

/** What mails are sent with. */
export type SendingContext = Context & {
  /** Missing: there is no mail server, and mails are kept. */
  sender: MailSender | undefined;
  leases: MailLeases;
  retry: RetryPolicy;
  /** How long one attempt may take; longer than the sender ever takes. */
  leaseMs: number;
  onOutcome: (outcome: string) => void;
};
