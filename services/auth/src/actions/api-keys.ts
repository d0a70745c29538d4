import { randomBytes } from 'node:crypto';
import { hasPermission } from '@tradepost/contracts/permissions';
import { ProblemError } from '@tradepost/contracts/problem-error';
import { uuidv7 } from '@tradepost/postgres/uuid';
import { API_KEY_PREFIX } from '../domain/credential.ts';
import { publishEvents, sessionRevoked } from '../store/account-events.ts';
import { lockAccount } from '../store/accounts.ts';
import {
  type ApiKey,
  countApiKeys,
  deleteApiKey,
  insertApiKey,
  type NewApiKey,
  pageOfApiKeys,
} from '../store/api-keys.ts';
import { tokenHash } from '../store/token-hash.ts';
import type { Context } from './context.ts';
import type { Page } from './sessions.ts';

const BYTES = 32;
const SHOWN = 8;

export function listApiKeys(ctx: Context, accountId: string, page: Page): Promise<ApiKey[]> {
  return pageOfApiKeys(ctx.pool, accountId, page);
}

/**
 * Makes an API key. The key itself is in the answer and nowhere else. What it may do is decided at each exchange: never more than its
 * owner may then.
 */
export async function createApiKey(
  ctx: Context,
  accountId: string,
  wanted: Pick<NewApiKey, 'name' | 'expiresAt' | 'readOnly' | 'permissions'>,
): Promise<ApiKey & { key: string }> {
  // So written, a moment that does not exist (a leap second) is refused as well.
  if (wanted.expiresAt && !(wanted.expiresAt > ctx.now())) {
    const message = 'must lie in the future';
    throw new ProblemError('validation_failed', 'One field is not valid', {
      errors: [{ field: '/expiresAt', message }],
    });
  }
  const key = `${API_KEY_PREFIX}${randomBytes(BYTES).toString('base64url')}`;
  const start = key.slice(0, API_KEY_PREFIX.length + SHOWN);
  const stored = await ctx.pool.transaction(async (tx) => {
    // Whoever makes two at once is counted one after the other.
    const owner = await lockAccount(tx, accountId);
    const missing = wanted.permissions?.find((permission) => !owner || !hasPermission(owner, permission));
    if (missing !== undefined) throw new ProblemError('forbidden', `You do not have the permission ${missing}`);
    if ((await countApiKeys(tx, accountId)) >= ctx.apiKeysPerAccount) {
      throw new ProblemError('conflict', `An account has at most ${ctx.apiKeysPerAccount} API keys: revoke one first`);
    }
    return insertApiKey(tx, { id: uuidv7(), accountId, ...wanted, keyHash: tokenHash(key), start });
  });
  return { ...stored, key };
}

/** Revokes an API key of an account; throws `not_found` if it has no such one. */
export async function revokeApiKey(ctx: Context, accountId: string, keyId: string): Promise<void> {
  await ctx.pool.transaction(async (tx) => {
    if (!(await deleteApiKey(tx, keyId, accountId))) throw new ProblemError('not_found', 'There is no such API key');
    await publishEvents(tx, [sessionRevoked(keyId, accountId)]);
  });
}
