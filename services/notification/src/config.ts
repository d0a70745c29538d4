import { locales } from '@tradepost/contracts/locales';
import { commonSettings, identitySettings } from '@tradepost/runtime/common-settings';
import { mailKey } from '@tradepost/runtime/event-encryption';
import { type Static, Type } from 'typebox';

const line = (maxLength: number) => ({ maxLength, pattern: '^[^\\r\\n]*$' });

export const notificationSettings = Type.Object({
  ...commonSettings,
  ...identitySettings,
  ...mailKey,
  MAIL_PREVIOUS_KEYS: Type.Array(Type.String({ minLength: 32 }), {
    default: [],
    description: 'Earlier values of MAIL_KEY that still decrypt, during a rotation',
  }),
  PUBLIC_URL: Type.String({
    default: 'http://localhost:8080',
    pattern: '^https?://[^/?#]+/?$',
    description: 'Public URL of the shop, which the links in mails begin with',
  }),
  SMTP_URL: Type.Optional(
    Type.String({
      pattern: '^smtps?://',
      description: 'The mail server, with user and password; without it mails are kept and not sent',
      examples: ['smtp://user:password@mail.example:587'],
    }),
  ),
  SMTP_CA: Type.Optional(
    Type.String({ pattern: '-----BEGIN CERTIFICATE-----', description: 'Authority of its certificate; PEM' }),
  ),
  SMTP_TIMEOUT_MS: Type.Integer({
    default: 30_000,
    minimum: 100,
    maximum: 300_000,
    description: 'How long the mail server may be silent, while connecting and afterwards',
  }),
  MAIL_PARALLEL: Type.Integer({
    default: 4,
    minimum: 1,
    maximum: 50,
    description: 'Mails that one instance sends at a time, each over a connection of its own that stays open',
  }),
  MAIL_FROM: Type.String({
    default: 'Tradepost <shop@localhost>',
    ...line(320),
    minLength: 3,
    description: 'The sender; the part after @ is also that of each Message-ID',
    examples: ['My shop <orders@shop.example>'],
  }),
  MAIL_REPLY_TO: Type.Optional(Type.String({ ...line(320), description: 'Where answers go, if not to MAIL_FROM' })),
  SHOP_NAME: Type.String({ default: 'Tradepost', minLength: 1, ...line(100), description: 'The name of the shop' }),
  MAIL_LOGO_URL: Type.Optional(
    Type.String({
      pattern: '^https?://',
      description: 'A picture that mails show above the text, at most 48 pixels high',
    }),
  ),
  MAIL_COLOUR: Type.String({
    default: '#1f5f4a',
    pattern: '^#[0-9a-fA-F]{6}$',
    description: 'Colour of buttons, which have white text',
  }),
  MAIL_FOOTER: Type.String({
    default: '',
    maxLength: 1000,
    description: 'Postal address and what else the law asks for, below each mail',
  }),
  DEFAULT_LOCALE: Type.Union(
    locales.map((locale) => Type.Literal(locale)),
    {
      default: 'en',
      description: 'Language of mails to people whose language is not known',
    },
  ),
  MAIL_PAGE: Type.Boolean({
    default: false,
    description: 'Shows all mails to everybody at /mail; for the local run, refused where NODE_ENV is `production`',
  }),
  MAIL_WEBHOOK_SECRET: Type.Optional(
    Type.String({
      minLength: 16,
      maxLength: 512,
      pattern: '^[\\x21-\\x7e]+$',
      description: 'Opens POST /api/v1/mail/bounces to whoever sends it as X-Webhook-Secret',
    }),
  ),
  MAIL_BOUNCE_ADDRESS: Type.Optional(
    Type.String({
      pattern: '^[A-Za-z0-9._-]{1,24}@[A-Za-z0-9.-]{1,190}$',
      description:
        'Where mail servers send bounces: the envelope sender of each mail is `<name>+<id of the mail>@<domain>`. Without it, that of MAIL_FROM',
      examples: ['bounces@shop.example'],
    }),
  ),
  MAIL_BOUNCES_MAILDIR: Type.Optional(
    Type.String({
      minLength: 1,
      description:
        'A Maildir that bounces (RFC 3464) and complaints (RFC 5965) are delivered to, and that nobody else reads',
    }),
  ),
  NODE_ENV: Type.Optional(Type.String({ description: '`production` in the images; decides about MAIL_PAGE' })),
  MAIL_PAYMENT_DELAY_MS: Type.Integer({
    default: 60_000,
    minimum: 0,
    description: 'How long after a payment that failed, or that needs an action, the customer is written to',
  }),
  MAIL_MAX_ATTEMPTS: Type.Integer({
    default: 16,
    minimum: 1,
    maximum: 100,
    description: 'Attempts to send a mail; with the default pauses they take about two days',
  }),
  MAIL_RETRY_FIRST_MS: Type.Integer({
    default: 60_000,
    minimum: 10,
    description: 'Pause after the first failed attempt; each further one is twice as long, up to 6 hours',
  }),
  SUPPRESSION_RETENTION_DAYS: Type.Integer({
    default: 730,
    minimum: 1,
    description: 'Suppressions older than this are removed: the address may be written to again',
  }),
  MAIL_RETENTION_DAYS: Type.Integer({ default: 90, minimum: 1, description: 'Mails older than this are removed' }),
});
export type NotificationSettings = Static<typeof notificationSettings>;
