import { uuidv7 } from '@tradepost/postgres/uuid';
import type { BetterAuthOptions } from 'better-auth';
import { RESET_SECONDS } from '../store/account-mails.ts';
import type { PasswordHasher } from './password-hasher.ts';

/** Where the address of the client is put for better-auth: only we set it, on headers that we make. */
export const CLIENT_ADDRESS_HEADER = 'x-client-address';

const times = { createdAt: 'created_at', updatedAt: 'updated_at' };

const user = {
  modelName: 'user_account',
  fields: { emailVerified: 'email_verified', ...times },
  additionalFields: {
    role: {
      type: ['customer', 'seller', 'staff', 'admin'],
      required: true,
      defaultValue: 'customer',
      input: false,
    },
    // Given at the sign-up alone, by our own code.
    locale: { type: 'string', required: false, input: true },
    banned: { type: 'boolean', required: true, defaultValue: false, input: false },
    banReason: { type: 'string', required: false, input: false, fieldName: 'ban_reason' },
    banExpires: { type: 'date', required: false, input: false, fieldName: 'ban_expires' },
  },
} satisfies BetterAuthOptions['user'];

const account = {
  modelName: 'credential',
  fields: {
    userId: 'user_id',
    providerId: 'provider_id',
    accountId: 'account_id',
    accessToken: 'access_token',
    refreshToken: 'refresh_token',
    idToken: 'id_token',
    accessTokenExpiresAt: 'access_token_expires_at',
    refreshTokenExpiresAt: 'refresh_token_expires_at',
    ...times,
  },
} satisfies BetterAuthOptions['account'];

/** The settings of better-auth for our tables and sessions. A test lets it compare the tables with the database. */
export function betterAuthOptions(o: {
  secret: string;
  publicUrl: string;
  sessionSeconds: number;
  refreshSeconds: number;
  hasher: Pick<PasswordHasher, 'hash' | 'verify'>;
}) {
  return {
    appName: 'Tradepost',
    baseURL: o.publicUrl,
    basePath: '/api/v1/auth',
    secret: o.secret,
    telemetry: { enabled: false },
    emailAndPassword: {
      enabled: true,
      // `domain/password-policy.ts` decides; these only must not be in its way.
      minPasswordLength: 1,
      maxPasswordLength: 4096,
      password: { hash: o.hasher.hash, verify: o.hasher.verify },
      resetPasswordTokenExpiresIn: RESET_SECONDS,
    },
    session: {
      expiresIn: o.sessionSeconds,
      updateAge: o.refreshSeconds,
      fields: {
        userId: 'user_id',
        token: 'token_hash',
        expiresAt: 'expires_at',
        ipAddress: 'ip_address',
        userAgent: 'user_agent',
        ...times,
      },
    },
    user,
    account,
    // Hashed as `store/mail-tokens.ts` does; expired ones are removed by our own task.
    verification: { fields: { expiresAt: 'expires_at', ...times }, storeIdentifier: 'hashed', disableCleanup: true },
    // Both are ours: limits hold across instances, and origins are looked at before anything else.
    rateLimit: { enabled: false },
    advanced: {
      database: { generateId: () => uuidv7(), joins: true },
      ipAddress: { ipAddressHeaders: [CLIENT_ADDRESS_HEADER] },
      useSecureCookies: o.publicUrl.startsWith('https:'),
      disableCSRFCheck: true,
    },
  } satisfies BetterAuthOptions;
}
