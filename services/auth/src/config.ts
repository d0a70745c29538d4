import { commonSettings } from '@tradepost/runtime/common-settings';
import { mailKey } from '@tradepost/runtime/event-encryption';
import { type Static, Type } from 'typebox';

const limit = (fallback: number, description: string) =>
  Type.Integer({ default: fallback, minimum: 0, description: `${description}; 0 is no limit` });
const seconds = (fallback: number, minimum: number, maximum: number, description: string) =>
  Type.Integer({ default: fallback, minimum, maximum, description });

export const authSettings = Type.Object({
  ...commonSettings,
  ...mailKey,
  AUTH_SECRET: Type.String({
    minLength: 32,
    description: 'Signs session cookies and encrypts signing keys; the same for every instance',
  }),
  AUTH_PREVIOUS_SECRETS: Type.Array(Type.String({ minLength: 32 }), {
    default: [],
    description: 'Earlier values of AUTH_SECRET that are still accepted during a rotation',
  }),
  PUBLIC_URL: Type.String({
    default: 'http://localhost:8080',
    pattern: '^https?://[^/?#]+/?$',
    examples: ['https://shop.example'],
    description: 'Public URL of the API; with https, cookies are sent over https only',
  }),
  TRUSTED_ORIGINS: Type.Array(
    Type.String({ pattern: '^https?://[^/?#]+$', examples: ['https://admin.shop.example'] }),
    {
      default: [],
      description: 'Other origins whose pages may use the session cookie',
    },
  ),
  TRUSTED_PROXY_HOPS: Type.Integer({
    default: 1,
    minimum: 0,
    maximum: 10,
    description:
      'Proxies of ours in front that append to X-Forwarded-For: 1 is the gateway alone; 0 ignores the header',
  }),
  ACCESS_TOKEN_TTL_SECONDS: seconds(900, 10, 3600, 'How long an access token is good'),
  SESSION_TTL_SECONDS: seconds(604_800, 60, 31_536_000, 'How long a session lives after it was last extended'),
  SESSION_REFRESH_SECONDS: seconds(86_400, 0, 31_536_000, 'How old a session must be to be extended when it is used'),
  KEY_ROTATION_SECONDS: seconds(2_592_000, 60, 31_536_000, 'How long a signing key signs'),
  KEY_CACHE_SECONDS: seconds(
    3600,
    1,
    604_800,
    'How long others may keep the set of keys: a key is published so long before it signs, and after its last token',
  ),
  PASSWORD_HASH_CONCURRENCY: Type.Integer({
    default: 2,
    minimum: 1,
    maximum: 64,
    description: 'Passwords hashed at the same time, each with 19 MiB; more than 4 needs UV_THREADPOOL_SIZE',
  }),
  PASSWORD_HASH_QUEUE: Type.Integer({
    default: 64,
    minimum: 0,
    maximum: 10_000,
    description: 'Passwords that may wait to be hashed; more are refused with 503',
  }),
  SIGN_IN_FAILURES_PER_ACCOUNT_AND_ADDRESS: limit(10, 'Wrong passwords in a window, for one account from one address'),
  SIGN_IN_FAILURES_PER_ACCOUNT: limit(100, 'Wrong passwords in a window, for one account from anywhere'),
  SIGN_IN_FAILURES_PER_ADDRESS: limit(100, 'Wrong passwords in a window, from one address for any account'),
  SIGN_IN_WINDOW_SECONDS: seconds(900, 1, 86_400, 'The window of those three'),
  SIGN_UPS_PER_ADDRESS: limit(300, 'Sign-ups in a window from one address'),
  SIGN_UP_WINDOW_SECONDS: seconds(3600, 1, 86_400, 'The window of that'),
  MAILS_PER_RECIPIENT: limit(5, 'Mails in a window that may be asked for, to one e-mail address or for one account'),
  MAILS_PER_ADDRESS: limit(30, 'Mails in a window that may be asked for, from one address'),
  MAIL_WINDOW_SECONDS: seconds(3600, 1, 86_400, 'The window of those two'),
  CODE_FAILURES_PER_ACCOUNT: limit(10, 'Wrong codes of a second factor in SIGN_IN_WINDOW_SECONDS, for one account'),
  REQUIRE_SECOND_FACTOR: Type.Union([Type.Literal('none'), Type.Literal('staff')], {
    default: 'none',
    description:
      'Who must have a second factor: `staff` are accounts with the role admin or staff, which can do nothing before',
  }),
  KNOWN_DEVICE_RETENTION_DAYS: Type.Integer({
    default: 365,
    minimum: 1,
    description: 'How long a browser is known that an account has signed in from, after its last use',
  }),
  ORDER_URL: Type.Optional(
    Type.String({
      pattern: '^https?://',
      description:
        'The order service, which tells whether a seller who is to be erased has sales to settle; without it sellers stay',
      examples: ['http://order:8080'],
    }),
  ),
  SIGN_IN_PROVIDERS: Type.Optional(
    Type.String({
      description:
        'By which other accounts people can sign in, as JSON: a list of objects with `id` and `clientId`, and for all but `google` and `github` `name` and `issuer` (OpenID Connect)',
      examples: ['[{"id": "google", "clientId": "1234.apps.googleusercontent.com"}]'],
    }),
  ),
  SIGN_IN_PROVIDER_SECRETS: Type.Optional(
    Type.String({ description: 'The client secret of each of them, as JSON: an object with their ids' }),
  ),
  API_KEYS_PER_ACCOUNT: Type.Integer({ default: 25, minimum: 0, description: 'API keys that one account may have' }),
});
export type AuthSettings = Static<typeof authSettings>;
