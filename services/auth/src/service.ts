import { hasPermission } from '@tradepost/contracts/permissions';
import { accountExportRoute } from '@tradepost/runtime/account-export';
import type { App } from '@tradepost/runtime/app';
import { eventEncryption } from '@tradepost/runtime/event-encryption';
import { defineService, type ServiceContext } from '@tradepost/runtime/service';
import { retryAtStart } from '@tradepost/runtime/wait-for-dependencies';
import { Counter, Gauge } from 'prom-client';
import { authenticate } from './actions/authenticate.ts';
import { createBetterAuth } from './actions/better-auth.ts';
import type { Context } from './actions/context.ts';
import { createDeferredWork } from './actions/deferred-work.ts';
import { deleteExpired } from './actions/delete-expired.ts';
import { createKeyRing } from './actions/key-ring.ts';
import { announceEarlierContacts, sendEarlierBans } from './actions/manage-accounts.ts';
import { createPasswordHasher, type PasswordHasher } from './actions/password-hasher.ts';
import { createProviderClient } from './actions/provider-client.ts';
import { reencryptTotpSecrets } from './actions/second-factor.ts';
import { unsettledSalesFrom } from './actions/unsettled-sales.ts';
import { type AuthSettings, authSettings } from './config.ts';
import { sessionCookie } from './domain/cookies.ts';
import { readProviders } from './domain/providers.ts';
import { authHandlers } from './events/handlers.ts';
import { accessTokenRoutes } from './http/access-tokens.ts';
import { actingRoutes } from './http/acting.ts';
import { administrationRoutes } from './http/administration.ts';
import { apiKeyRoutes } from './http/api-keys.ts';
import { credentialRoutes } from './http/credentials.ts';
import { emailAddressRoutes } from './http/email-addresses.ts';
import { erasureRoutes } from './http/erasures.ts';
import { internalRoutes } from './http/internal.ts';
import { invitationLinkRoutes } from './http/invitation-links.ts';
import { invitationRoutes } from './http/invitations.ts';
import { createOperatorLookup, type OperatorLookup } from './http/operator-lookup.ts';
import { passkeyRoutes } from './http/passkeys.ts';
import { passwordResetRoutes } from './http/password-resets.ts';
import { providerRoutes } from './http/providers.ts';
import { createRequestContext, type RequestContext } from './http/request-context.ts';
import { bySession } from './http/schemas.ts';
import { secondFactorRoutes } from './http/second-factors.ts';
import { sessionRoutes } from './http/sessions.ts';
import { staffRoleRoutes } from './http/staff-roles.ts';
import { readAccountData } from './store/account-export.ts';
import { createAccountMails } from './store/account-mails.ts';
import { createBetterAuthStore } from './store/better-auth-store.ts';

export const authService = defineService({
  name: 'auth',
  settings: authSettings,
  migrations: new URL('../migrations/', import.meta.url),
  async create(service: ServiceContext<AuthSettings>) {
    const { settings, pool, log, closing } = service;
    const ctx = createContext(service, countedHasher(service));
    // Both would fail a request rather than the start: a bad option, and no key to sign with.
    await ctx.betterAuth.$context;
    await retryAtStart({ log, signal: closing }, () => ctx.keys.refresh());
    const publicUrl = new URL(settings.PUBLIC_URL).origin;
    const requests = createRequestContext({
      hops: settings.TRUSTED_PROXY_HOPS,
      cookieName: ctx.cookie.name,
      trustedOrigins: [publicUrl, ...settings.TRUSTED_ORIGINS],
    });
    const operator = createOperatorLookup(ctx, requests);
    return {
      http(app) {
        internalRoutes(app, ctx);
        app.register(async (scope) => {
          scope.addHook('onRequest', requests.guardOrigin);
          accountRoutes(scope, ctx, requests);
          operatorRoutes(scope, ctx, requests, operator);
        });
      },
      operators: {
        auth: 'none',
        security: bySession,
        async check(request) {
          await operator(request);
        },
      },
      handlers: authHandlers(ctx.now),
      tasks: [
        { name: 'signing-keys', everyMs: 30_000, run: () => ctx.keys.refresh() },
        { name: 'earlier-bans', everyMs: 60_000, run: () => sendEarlierBans(ctx) },
        { name: 'earlier-contacts', everyMs: 60_000, run: () => announceEarlierContacts(ctx) },
        { name: 'totp-secrets', everyMs: 60_000, run: () => reencryptTotpSecrets(ctx) },
        {
          name: 'expired-rows',
          everyMs: 600_000,
          run: () => deleteExpired(pool, settings.KNOWN_DEVICE_RETENTION_DAYS),
        },
      ],
      stop: () => ctx.deferred.settled(),
    };
  },
});

/** What people do with their own account, or to get one. */
function accountRoutes(app: App, ctx: Context, requests: RequestContext): void {
  credentialRoutes(app, ctx, requests);
  passwordResetRoutes(app, ctx, requests);
  emailAddressRoutes(app, ctx, requests);
  sessionRoutes(app, ctx, requests);
  accessTokenRoutes(app, ctx, requests);
  secondFactorRoutes(app, ctx, requests);
  passkeyRoutes(app, ctx, requests);
  providerRoutes(app, ctx, requests);
  apiKeyRoutes(app, ctx, requests);
  invitationLinkRoutes(app, ctx, requests);
  accountExportRoute(app, (accountId) => readAccountData(ctx.pool, accountId), {
    auth: 'none',
    async identify(request) {
      const { account } = await authenticate(ctx, requests.requester(request), { accessToken: true });
      return { accountId: account.id, isOperator: hasPermission(account, 'accounts:write') };
    },
  });
}

/** What operators do with the accounts of others. Erasing has both sides. */
function operatorRoutes(app: App, ctx: Context, requests: RequestContext, operator: OperatorLookup): void {
  administrationRoutes(app, ctx, operator);
  staffRoleRoutes(app, ctx, operator);
  invitationRoutes(app, ctx, requests, operator);
  actingRoutes(app, ctx, requests, operator);
  erasureRoutes(app, ctx, requests, operator);
}

function createContext({ settings, pool, log }: ServiceContext<AuthSettings>, hasher: PasswordHasher): Context {
  const now = () => new Date();
  const encrypt = eventEncryption(settings.MAIL_KEY);
  const mails = createAccountMails({ encrypt, now });
  const store = createBetterAuthStore({ pool, mails });
  const secrets: Context['secrets'] = [settings.AUTH_SECRET, ...settings.AUTH_PREVIOUS_SECRETS];
  const publicUrl = new URL(settings.PUBLIC_URL).origin;
  const { SESSION_TTL_SECONDS: sessionSeconds, SESSION_REFRESH_SECONDS: refreshSeconds } = settings;
  const schedule = {
    rotationMs: settings.KEY_ROTATION_SECONDS * 1000,
    cacheMs: settings.KEY_CACHE_SECONDS * 1000,
    tokenMs: settings.ACCESS_TOKEN_TTL_SECONDS * 1000,
  };
  const options = { secret: settings.AUTH_SECRET, publicUrl, sessionSeconds, refreshSeconds, hasher };
  return {
    pool,
    betterAuth: createBetterAuth({ store, log, options }),
    keys: createKeyRing({ pool, secrets, schedule, now, log }),
    mails,
    accounts: store,
    deferred: createDeferredWork(log),
    cookie: sessionCookie(publicUrl, sessionSeconds),
    secrets,
    sessionSeconds,
    refreshSeconds,
    ...limitsOf(settings),
    relyingParty: { id: new URL(publicUrl).hostname, origin: publicUrl, name: new URL(publicUrl).hostname },
    requireSecondFactor: settings.REQUIRE_SECOND_FACTOR,
    providers: readProviders(settings.SIGN_IN_PROVIDERS, settings.SIGN_IN_PROVIDER_SECRETS),
    providerClient: createProviderClient(now),
    encrypt,
    countUnsettledSales: unsettledSalesFrom(() => settings.ORDER_URL),
    now,
  };
}

/** How much of what one account, address or client may do. */
function limitsOf(settings: AuthSettings) {
  return {
    passwordLimits: {
      perAccountAndAddress: settings.SIGN_IN_FAILURES_PER_ACCOUNT_AND_ADDRESS,
      perAccount: settings.SIGN_IN_FAILURES_PER_ACCOUNT,
      perAddress: settings.SIGN_IN_FAILURES_PER_ADDRESS,
      windowSeconds: settings.SIGN_IN_WINDOW_SECONDS,
    },
    signUpLimit: settings.SIGN_UPS_PER_ADDRESS,
    signUpWindowSeconds: settings.SIGN_UP_WINDOW_SECONDS,
    mailLimits: {
      perRecipient: settings.MAILS_PER_RECIPIENT,
      perAddress: settings.MAILS_PER_ADDRESS,
      windowSeconds: settings.MAIL_WINDOW_SECONDS,
    },
    apiKeysPerAccount: settings.API_KEYS_PER_ACCOUNT,
    codeLimit: { limit: settings.CODE_FAILURES_PER_ACCOUNT, windowSeconds: settings.SIGN_IN_WINDOW_SECONDS },
  };
}

function countedHasher({ settings, metrics }: ServiceContext<AuthSettings>): PasswordHasher {
  const total = new Counter({
    name: 'tradepost_auth_password_hashes_total',
    help: 'Passwords hashed, verified, and refused because the queue was full',
    labelNames: ['operation'],
    registers: [metrics],
  });
  const hasher = createPasswordHasher({
    concurrency: settings.PASSWORD_HASH_CONCURRENCY,
    queue: settings.PASSWORD_HASH_QUEUE,
    onRun: (operation) => total.inc({ operation }),
  });
  new Gauge({
    name: 'tradepost_auth_password_hashes_waiting',
    help: 'Passwords in the queue for hashing',
    registers: [metrics],
    collect() {
      this.set(hasher.stats().waiting);
    },
  });
  return hasher;
}
