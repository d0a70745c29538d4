import { Id } from '@tradepost/contracts/shapes';
import { decodeCursor, encodeCursor } from '@tradepost/runtime/cursor';
import type { Static } from 'typebox';
import { isBanned } from '../actions/manage-accounts.ts';
import type { OpenedSession } from '../actions/session-response.ts';
import type { Page } from '../actions/sessions.ts';
import type { Account } from '../store/accounts.ts';
import type { ApiKey } from '../store/api-keys.ts';
import type { Session } from '../store/sessions.ts';
import type * as schemas from './schemas.ts';

export function userView(user: OpenedSession['user']): Static<typeof schemas.User> {
  const { id, name, email, emailVerified, role, createdAt, updatedAt } = user;
  return {
    id,
    name,
    email,
    emailVerified,
    role,
    createdAt: createdAt.toISOString(),
    updatedAt: updatedAt.toISOString(),
  };
}

export function sessionView(session: Session): Static<typeof schemas.Session> {
  const { id, createdAt, updatedAt, expiresAt, ipAddress, userAgent } = session;
  return {
    id,
    createdAt: createdAt.toISOString(),
    updatedAt: updatedAt.toISOString(),
    expiresAt: expiresAt.toISOString(),
    ipAddress,
    userAgent,
  };
}

export function apiKeyView(key: ApiKey): Static<typeof schemas.ApiKey> {
  const { id, name, start, createdAt, expiresAt, lastUsedAt, readOnly, permissions } = key;
  return {
    id,
    name,
    start,
    createdAt: createdAt.toISOString(),
    expiresAt: expiresAt?.toISOString() ?? null,
    lastUsedAt: lastUsedAt?.toISOString() ?? null,
    readOnly,
    permissions: permissions && [...permissions],
  };
}

export function accountView(account: Account, now: Date): Static<typeof schemas.Account> {
  const banned = isBanned(account, now);
  return {
    ...userView(account),
    staffRole: account.staffRole,
    permissions: [...account.permissions],
    banned,
    banReason: banned ? account.banReason : null,
    bannedUntil: banned ? (account.banExpires?.toISOString() ?? null) : null,
  };
}

/** The page that a query asks for; one more than it asks is read, to know whether there is another. */
export function pageFrom(query: { limit: number; cursor?: string }): Page {
  return {
    before: query.cursor === undefined ? undefined : decodeCursor(Id, query.cursor),
    limit: query.limit + 1,
  };
}

/** The answer with a page. */
export function pageView<T extends { id: string }, V>(rows: T[], limit: number, view: (row: T) => V) {
  const items = rows.slice(0, limit);
  const last = items.at(-1);
  return { items: items.map(view), nextCursor: rows.length > limit && last ? encodeCursor(last.id) : null };
}
