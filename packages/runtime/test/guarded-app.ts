import { pino } from 'pino';
import { onTestFinished } from 'vitest';
import type { App } from '../src/app.ts';
import { onlyRoles, optionalIdentity, requireIdentity, requireRole } from '../src/identity.ts';
import { createTokenVerifier, type TokenVerifierOptions } from '../src/token-verifier.ts';
import { listeningApp } from './http.ts';

export const log = pino({ level: 'silent' });

/** Routes that ask for an identity, each in another way. */
export function identityRoutes(app: App): void {
  app.get('/required', (request) => requireIdentity(request));
  app.get('/optional', { config: { auth: 'optional' } }, (request) => ({
    role: optionalIdentity(request)?.role ?? null,
  }));
  app.get('/none', { config: { auth: 'none' } }, (request) => ({ identity: optionalIdentity(request) ?? null }));
  const operatorPermission = 'catalogue:write';
  app.get('/selling', { config: { operatorPermission } }, (request) => requireRole(request, 'seller'));
  const config = { idempotent: false };
  app.get('/ledger', { config: { permission: 'payments:read' } }, (request) => requireIdentity(request));
  app.post('/written', { config }, (request) => requireIdentity(request));
  app.post('/offered', { config: { ...config, operatorPermission }, onRequest: onlyRoles('seller') }, (request) =>
    requireRole(request, 'seller'),
  );
}

/** The URL of an app with these routes, which is closed at the end of the test. */
export async function guardedApp(issuer: { jwksUrl: string }, o: Partial<TokenVerifierOptions> = {}) {
  const verifier = createTokenVerifier({ jwksUrl: issuer.jwksUrl, log, refetchAfterMs: 0, ...o });
  const app = await listeningApp(identityRoutes, { verifier });
  onTestFinished(() => app.close());
  return app.url;
}
