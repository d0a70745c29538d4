import type { EventRole } from '@tradepost/contracts/roles';
import type { Pool } from '@tradepost/postgres/pool';
import { uuidv7 } from '@tradepost/postgres/uuid';
import { setRole } from '../store/account-changes.ts';
import { accountChanged, accountCreated, accountStatusChanged, publishEvents } from '../store/account-events.ts';
import { type Account, accountByEmail, insertAccount } from '../store/accounts.ts';
import { createPasswordHasher } from './password-hasher.ts';

/**
 * Makes sure that there is an account with this address and role, for a run that brings its own. One that is there keeps
 * its name and its password. The events are published when the service runs.
 */
export async function ensureAccount(
  pool: Pool,
  wanted: { email: string; name: string; password: string; role: EventRole },
): Promise<{ accountId: string; created: boolean }> {
  const existing = await accountByEmail(pool, wanted.email);
  if (existing) return { accountId: (await giveRole(pool, existing, wanted.role)).id, created: false };
  const hasher = createPasswordHasher({ concurrency: 1, queue: 0 });
  const passwordHash = await hasher.hash(wanted.password);
  const { name, role } = wanted;
  const account = { id: uuidv7(), credentialId: uuidv7(), name, email: wanted.email.toLowerCase(), role, passwordHash };
  const created = await pool.transaction(async (tx) => {
    const inserted = await insertAccount(tx, account);
    if (inserted) await publishEvents(tx, [accountCreated(inserted)]);
    return inserted;
  });
  // Somebody else has just made it.
  return created ? { accountId: created.id, created: true } : ensureAccount(pool, wanted);
}

/** Gives the account with this address a role; undefined if there is none. For the first admin, who nobody can appoint. */
export async function grantRole(pool: Pool, email: string, role: EventRole): Promise<Account | undefined> {
  const account = await accountByEmail(pool, email);
  return account && giveRole(pool, account, role);
}

function giveRole(pool: Pool, account: Account, role: EventRole): Promise<Account> {
  if (account.role === role) return Promise.resolve(account);
  return pool.transaction(async (tx) => {
    const changed = await setRole(tx, account.id, { role });
    if (!changed) throw new Error('The account has just been removed');
    await publishEvents(tx, [accountChanged(changed), accountStatusChanged(changed)]);
    return changed;
  });
}
