import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Auth, startAuth } from './client.ts';

let auth: Auth;
beforeAll(async () => {
  auth = await startAuth();
});
afterAll(() => auth.stop());

type Operation = {
  operationId: string;
  security: object[];
  responses: Record<string, { content?: Record<string, object> }>;
};

const expected = [
  'POST sign-up/email',
  'POST sign-in/email',
  'POST sign-out',
  'POST change-password',
  'POST request-password-reset',
  'POST reset-password',
  'POST send-verification-email',
  'POST verify-email',
  'POST change-email',
  'POST confirm-new-email',
  'POST update-user',
  'GET get-session',
  'GET token',
  'GET jwks',
  'GET sessions',
  'DELETE sessions',
  'DELETE sessions/{id}',
  'GET two-factor',
  'POST two-factor/enable',
  'POST two-factor/confirm',
  'POST two-factor/disable',
  'POST two-factor/recovery-codes',
  'POST sign-in/second-factor',
  'POST sign-in/passkey/options',
  'POST sign-in/passkey',
  'GET passkeys',
  'POST passkeys',
  'POST passkeys/options',
  'PATCH passkeys/{id}',
  'DELETE passkeys/{id}',
  'GET providers',
  'POST sign-in/provider',
  'POST sign-in/provider/finish',
  'GET identities',
  'POST identities',
  'POST identities/finish',
  'DELETE identities/{id}',
  'GET api-keys',
  'POST api-keys',
  'DELETE api-keys/{id}',
  'GET admin/accounts',
  'GET admin/accounts/{id}',
  'PUT admin/accounts/{id}/role',
  'PUT admin/accounts/{id}/ban',
  'DELETE admin/accounts/{id}/ban',
  'DELETE admin/accounts/{id}/sessions',
  'DELETE admin/accounts/{id}/second-factors',
  'POST erase-account',
  'POST admin/accounts/{id}/erasure',
  'POST admin/guest-erasures',
  'GET admin/erasures',
  'GET admin/erasures/{id}',
  'POST admin/erasures/{id}/repeat',
  'GET /api/v1/admin/auth/dead-letters',
  'GET /api/v1/admin/auth/dead-letters/{eventId}',
  'POST /api/v1/admin/auth/dead-letters/{eventId}/replay',
  'DELETE /api/v1/admin/auth/dead-letters/{eventId}',
  'POST admin/accounts/{id}/act-as',
  'POST stop-acting',
  'GET admin/invitations',
  'POST admin/invitations',
  'POST admin/invitations/{id}/resend',
  'DELETE admin/invitations/{id}',
  'POST invitations/look-up',
  'POST invitations/accept',
  'GET admin/staff-roles',
  'PUT admin/staff-roles/{id}',
  'DELETE admin/staff-roles/{id}',
  'GET /api/v1/admin/auth/messaging',
  'GET /api/v1/admin/auth/messages',
];

test('every route is described, with who may ask and how it refuses', async () => {
  const response = await fetch(new URL('/openapi.json', auth.url));
  // as: it is what is being tested.
  const { paths } = (await response.json()) as { paths: Record<string, Record<string, Operation>> };
  const routes = Object.entries(paths).flatMap(([path, operations]) =>
    Object.entries(operations).map(([method, operation]) => ({
      route: `${method.toUpperCase()} ${path}`,
      ...operation,
    })),
  );
  expect(routes.map(({ route }) => route.replace('/api/v1/auth/', '')).sort()).toEqual(expected.toSorted());
  const open = routes.filter(({ security }) => security.length === 0).map(({ operationId }) => operationId);
  const byLink = [
    'acceptInvitation',
    'confirmNewEmail',
    'lookUpInvitation',
    'requestPasswordReset',
    'resetPassword',
    'verifyEmail',
  ];
  const bySecondStep = ['beginPasskeySignIn', 'finishSignIn', 'signInWithPasskey'];
  const byProvider = ['beginProviderSignIn', 'finishProviderSignIn', 'listSignInProviders'];
  const others = ['getKeySet', 'signIn', 'signUp', 'stopActing'];
  expect(open.sort()).toEqual([...byLink, ...bySecondStep, ...byProvider, ...others].sort());
  for (const { operationId, security, responses } of routes) {
    const problem = responses['401']?.content?.['application/problem+json'];
    expect([operationId, problem !== undefined]).toEqual([
      operationId,
      security.length > 0 || ['acceptInvitation', 'signIn'].includes(operationId),
    ]);
  }
});
