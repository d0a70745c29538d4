import { commonSettings } from '@tradepost/runtime/common-settings';
import { type Static, Type } from 'typebox';
import { type RatePolicy, ratePolicy } from './domain/rate-limit.ts';

const addresses = (service: string) =>
  Type.Array(Type.String({ pattern: '^https?://[^/?#@]+/?$' }), {
    minItems: 1,
    description: `Where ${service} is: one URL, or several instances separated by commas; a name may resolve to several`,
    examples: [`http://${service}:8080`],
  });

const milliseconds = (description: string, fallback: number) =>
  Type.Integer({ minimum: 1, maximum: 3_600_000, default: fallback, description });

const rate = (description: string, fallback: string) =>
  Type.String({
    pattern: '^(off|[1-9][0-9]{0,6}/[1-9][0-9]{0,4})$',
    default: fallback,
    description: `${description}, as requests/seconds; off is no limit`,
    examples: ['600/60'],
  });

const origins = (pattern: string, description: string, example = 'https://office.example') =>
  Type.Array(Type.String({ pattern }), { default: [], description, examples: [example] });

/** The settings of the gateway, as environment variables. */
export const settings = Type.Object({
  ...commonSettings,
  AUTH_URL: addresses('auth'),
  PRODUCT_URL: addresses('product'),
  ORDER_URL: addresses('order'),
  NOTIFICATION_URL: addresses('notification'),
  REQUEST_TIMEOUT_MS: milliseconds('Time for a whole request to arrive, imports included', 300_000),
  BODY_TIMEOUT_MS: milliseconds('How long a body may take to arrive, except that of an import', 60_000),
  PUBLIC_URL: Type.Optional(
    Type.String({
      pattern: '^https?://[^?#]+$',
      description: 'Where clients reach the gateway; with https, browsers are sent HSTS and use nothing else',
      examples: ['https://shop.example'],
    }),
  ),
  TRUSTED_PROXY_HOPS: Type.Integer({
    minimum: 0,
    maximum: 10,
    default: 0,
    description: 'Proxies in front of the gateway whose X-Forwarded-* headers are trusted',
  }),
  TRUSTED_ORIGINS: origins('^https?://[^/?#*]+$', 'Origins whose pages may use the API with the session cookie'),
  CORS_ORIGINS: origins('^(\\*|https?://[^/?#*]+)$', 'Origins whose pages may use the API without cookies; * is any'),
  CONNECT_TIMEOUT_MS: milliseconds('Until a service behind accepts a connection', 1000),
  UPSTREAM_TIMEOUT_MS: milliseconds('Until a service behind begins to answer', 10_000),
  UPSTREAM_WAIT_TIMEOUT_MS: milliseconds('The same for a request that asks it to wait (Prefer: wait)', 35_000),
  UPSTREAM_IDLE_TIMEOUT_MS: milliseconds('Between two parts of an answer, except server-sent events', 30_000),
  CLIENT_STALL_TIMEOUT_MS: milliseconds('How long a client may take none of an answer that is ready', 60_000),
  UPSTREAM_MAX_IN_FLIGHT: Type.Integer({
    minimum: 1,
    default: 1000,
    description: 'Maximum of requests in flight to one address of a service; more get 503',
  }),
  MAX_EVENT_STREAMS: Type.Integer({
    minimum: 1,
    default: 2000,
    description: 'Maximum of open event streams of one instance; more get 503',
  }),
  MAX_EVENT_STREAMS_PER_ACCOUNT: Type.Integer({
    minimum: 1,
    default: 10,
    description: 'Maximum of open event streams of one account; more get 429',
  }),
  BODY_LIMIT: Type.Integer({
    minimum: 1024,
    default: 1_048_576,
    description: 'Bytes of a request body, except imports',
  }),
  RATE_LIMIT_ADDRESS: rate('Rate of requests without a known account, by address', '1200/60'),
  RATE_LIMIT_IDENTITY: rate(
    'Rate of requests of one account; one with a body counts once more for each 8 KiB of it',
    '1200/60',
  ),
  RATE_LIMIT_SIGN_IN: rate('Rate of sign-ins and sign-ups from one address, on top', '60/60'),
  RATE_LIMIT_EXPORT: rate('Rate of exports of all data that one account asks for, on top', '10/3600'),
  RATE_LIMIT_ENTRIES: Type.Integer({
    minimum: 100,
    default: 50_000,
    description: 'Size of the LRU cache of callers, for each rate',
  }),
  TOKEN_CACHE_ENTRIES: Type.Integer({ minimum: 100, default: 20_000, description: 'Size of the token cache' }),
  RESPONSE_CACHE_BYTES: Type.Integer({
    minimum: 0,
    maximum: 1_073_741_824,
    default: 16_777_216,
    description: 'Size of the cache of anonymous reads of the catalogue; 0 is no cache',
  }),
  RESPONSE_CACHE_ENTRIES: Type.Integer({
    minimum: 10,
    maximum: 1_000_000,
    default: 5_000,
    description: 'Most responses in that cache',
  }),
  AUDIT_BUFFER: Type.Integer({
    minimum: 100,
    default: 10_000,
    description: 'Maximum of buffered audit entries',
  }),
  AUDIT_RETENTION_DAYS: Type.Integer({ minimum: 1, default: 365, description: 'Retention of audit entries' }),
  AUDIT_ADDRESS_RETENTION_DAYS: Type.Integer({
    minimum: 1,
    default: 90,
    description: 'How long audit entries say which address and browser a request came from',
  }),
  WEB_DIR: Type.Optional(Type.String({ description: 'Folder of the built web shop (web/build.ts), to serve at /' })),
  PICTURE_ORIGINS: origins(
    // What a host may be made of and no more: it becomes part of a policy, which a `;` or a blank would change.
    '^https://[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?(:[1-9][0-9]{0,4})?$',
    'Other hosts whose pictures the web shop may show, since sellers may name pictures of anywhere',
    'https://pictures.example',
  ),
  STRIPE_FORM: Type.Union([Type.Literal('allowed'), Type.Literal('refused')], {
    default: 'refused',
    description:
      'Whether pages of the web shop may load scripts and frames of stripe.com; `allowed` where customers pay by Stripe',
  }),
  MEDIA_DIR: Type.Optional(Type.String({ description: 'Folder to serve at /media/' })),
});

export type Settings = Static<typeof settings>;

/** Origins as browsers write them: lower case, and without a port that goes without saying. */
export function originSet(origins: readonly string[]): ReadonlySet<string> {
  return new Set(origins.map((origin) => (origin === '*' ? origin : new URL(origin).origin)));
}

/** `600/60` as a policy; undefined for `off`. */
export function readRate(name: string, text: string): RatePolicy | undefined {
  const [quota, seconds] = text.split('/').map(Number);
  return quota === undefined || seconds === undefined ? undefined : ratePolicy(name, quota, seconds);
}
