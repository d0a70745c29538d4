import { createHmac } from 'node:crypto';
import type { Db } from '@tradepost/postgres/db';
import type { OrderSettings } from './config.ts';
import { manualProvider } from './payments/manual.ts';
import type { PaymentProvider, PaymentProviders } from './payments/provider.ts';
import { sandboxProvider } from './payments/sandbox/provider.ts';

const DAY_MS = 86_400_000;

/**
 * The providers that a deployment can work with. Those whose settings are there go on with their payments and refunds, whether new
 * orders may name them or not. Throws for settings that do not go together.
 */
export async function configuredProviders(
  settings: OrderSettings,
  { db, guestSecret }: { db: Db; guestSecret: () => Promise<Buffer> },
): Promise<PaymentProviders> {
  const offered = settings.PAYMENT_PROVIDERS.split(',');
  if (offered.includes('sandbox') && !isSandboxAllowed(settings)) {
    throw new Error('PAYMENT_PROVIDERS has `sandbox`, which moves no money: set SANDBOX_PAYMENTS=allowed for a trial');
  }
  if (offered.includes('manual') && settings.BANK_TRANSFER_INSTRUCTIONS === '') {
    throw new Error('PAYMENT_PROVIDERS has `manual`: BANK_TRANSFER_INSTRUCTIONS must tell where customers transfer to');
  }
  const stripe = await stripeOf(settings, offered.includes('stripe'));
  const providers: PaymentProvider[] = [
    ...stripe,
    sandboxProvider({ db, secret: sandboxSecret(guestSecret), tellsMessages: tellsMessages(settings) }),
    manualProvider({
      deadlineMs: settings.BANK_TRANSFER_DEADLINE_DAYS * DAY_MS,
      instructions: settings.BANK_TRANSFER_INSTRUCTIONS,
    }),
  ];
  return new Map(providers.map((provider) => [provider.name, provider]));
}

const isSandboxAllowed = ({ SANDBOX_PAYMENTS, NODE_ENV }: OrderSettings): boolean =>
  SANDBOX_PAYMENTS === undefined ? NODE_ENV !== 'production' : SANDBOX_PAYMENTS === 'allowed';

const stripeSettings = ['STRIPE_SECRET_KEY', 'STRIPE_PUBLISHABLE_KEY', 'STRIPE_WEBHOOK_SECRET'] as const;

/** Stripe, where its settings are there. Its SDK is loaded only then: it takes tens of megabytes. */
async function stripeOf(settings: OrderSettings, isOffered: boolean): Promise<PaymentProvider[]> {
  const missing = stripeSettings.filter((name) => settings[name] === undefined);
  const isSetUp = missing.length < stripeSettings.length;
  if (missing.length > 0 && (isSetUp || isOffered)) {
    throw new Error(`The payment provider stripe needs ${missing.join(', ')}, see docs/guides/stripe.md`);
  }
  const { STRIPE_SECRET_KEY: secretKey = '', STRIPE_PUBLISHABLE_KEY: publishableKey = '' } = settings;
  const { STRIPE_WEBHOOK_SECRET: webhookSecret = '', STRIPE_API_URL: apiUrl } = settings;
  if (!isSetUp) return [];
  const { stripeProvider } = await import('./payments/stripe.ts');
  return [stripeProvider({ secretKey, publishableKey, webhookSecret, ...(apiUrl !== undefined && { apiUrl }) })];
}

/** Whether the sandbox sends messages about its payments. */
export const tellsMessages = ({ SANDBOX_MESSAGES_URL: url }: OrderSettings): boolean => url !== undefined;

/** What the sandbox signs with, of the database's own secret: it can have no weight outside. */
export const sandboxSecret = (guestSecret: () => Promise<Buffer>) => async (): Promise<Buffer> =>
  createHmac('sha256', await guestSecret())
    .update('sandbox messages')
    .digest();
