import type { Pool } from '@tradepost/postgres/pool';
import { eventDecryption } from '@tradepost/runtime/event-encryption';
import { pino } from 'pino';
import type { SendingContext } from '../src/actions/context.ts';
import { createLeasedMails } from '../src/actions/leased-mails.ts';
import { unsubscribeKeys } from '../src/domain/unsubscribe-token.ts';
import type { MailSender } from '../src/smtp/mail-sender.ts';
import { createMailLeases } from '../src/store/mail-leases.ts';
import { MAIL_KEY } from './shop.ts';

/** What the actions are called with, without the service around them. */
export function sendingContext(
  pool: Pool,
  sender: MailSender | undefined,
  over: Partial<SendingContext> = {},
): SendingContext {
  return {
    ...{
      pool,
      sender,
      leases: createMailLeases(pool),
      log: pino({ level: 'silent' }),
      now: () => new Date(),
      random: () => 0.5,
    },
    decrypt: eventDecryption([MAIL_KEY]),
    unsubscribeKeys: unsubscribeKeys(MAIL_KEY, []),
    branding: {
      shopName: 'Test shop',
      publicUrl: 'https://shop.example',
      logoUrl: undefined,
      colour: '#1f5f4a',
      footer: '',
    },
    ...{
      defaultLocale: 'en',
      mailDomain: 'shop.example',
      bounceAddress: undefined,
      paymentDelayMs: 0,
      leasedMails: createLeasedMails({ max: 0, leaseMs: 60_000, spareMs: 0, pollMs: 0 }),
      mailsDue: () => undefined,
      erasuresDue: () => undefined,
    },
    ...{ retry: { maxAttempts: 5, firstMs: 10 }, leaseMs: 3_600_000, onOutcome: () => undefined },
    ...over,
  };
}
