import { expect, test } from 'vitest';
import { type PendingSignIn, passwordMark, readPendingSignIn, signPendingSignIn } from './pending-sign-in.ts';

const now = new Date('2026-11-30T12:00:00Z');
const pending: PendingSignIn = {
  accountId: '0197a2f0-0000-7000-8000-000000000001',
  firstFactor: { kind: 'password', hash: passwordMark('$argon2id$v=19$m=8,t=1,p=1$c2FsdHNhbHQ$aGFzaA') },
  codeUses: 3,
  expiresAt: new Date('2026-11-30T12:05:00Z'),
};
const token = signPendingSignIn(pending, 'Firefox 203.0.113.0/24', 'a secret');
const read = (o: { token?: string; client?: string; secrets?: string[]; now?: Date }) =>
  readPendingSignIn(o.token ?? token, o.client ?? 'Firefox 203.0.113.0/24', {
    secrets: o.secrets ?? ['a secret'],
    now: o.now ?? now,
  });

test('is read as it was signed, also with an earlier secret, by the same client and in time', () => {
  expect(read({})).toEqual(pending);
  expect(read({ secrets: ['the next one', 'a secret'] })).toEqual(pending);
  const byProvider = { ...pending, firstFactor: { kind: 'identity', id: pending.accountId } } as const;
  expect(read({ token: signPendingSignIn(byProvider, 'Firefox 203.0.113.0/24', 'a secret') })).toEqual(byProvider);
  expect(read({ secrets: ['another one'] })).toBeUndefined();
  expect(read({ client: 'Chrome 203.0.113.0/24' })).toBeUndefined();
  expect(read({ now: pending.expiresAt })).toBeUndefined();
});

test('is refused with any character of it changed', () => {
  for (let i = 0; i < token.length - 1; i++) {
    const other = token[i] === 'A' ? 'B' : 'A';
    expect([i, read({ token: token.slice(0, i) + other + token.slice(i + 1) })]).toEqual([i, undefined]);
  }
  for (const none of ['', '.', token.slice(0, -1), `${token}.`]) expect(read({ token: none })).toBeUndefined();
});
