import type { CloudEvent } from '@tradepost/contracts/cloud-event';
import type { Permission } from '@tradepost/contracts/permissions';
import type { EventRole, Role } from '@tradepost/contracts/roles';
import type { Tx } from '@tradepost/postgres/db';
import { newEvent, outbox } from '@tradepost/postgres/outbox';
import { currentTraceparent } from '@tradepost/runtime/trace';
import type { Account } from './accounts.ts';
import type { EndedSession } from './ended-sessions.ts';
import { insertRevocations } from './revocations.ts';

const source = 'auth';

/**
 * Writes events in the transaction that they belong to; they are published once it has committed. Revocations are
 * recorded as well: a gateway that starts after the event was published reads them.
 */
export async function publishEvents(tx: Tx, events: readonly CloudEvent[]): Promise<void> {
  if (events.length === 0) return;
  await outbox.add(tx, events);
  const revocations = events.flatMap(revocationOf);
  if (revocations.length > 0) await insertRevocations(tx, revocations);
}

function revocationOf(event: CloudEvent) {
  return event.type === 'session.revoked.v1' ? [{ ...event.data, revokedAt: new Date(event.time) }] : [];
}

/** Whether the account may sell is what consumers ask of its role; see `EventRole`. */
function eventRole({ role, permissions = [] }: RoleAndPermissions): EventRole {
  if (role !== 'staff') return role;
  return permissions.includes('catalogue:write') ? 'seller' : 'customer';
}

type RoleAndPermissions = { role: Role; permissions?: readonly Permission[] };

export function accountCreated(
  account: RoleAndPermissions & { id: string; email: string; name: string; locale?: string | null },
): CloudEvent {
  const { id, email, name, locale } = account;
  const role = eventRole(account);
  return newEvent({
    source,
    type: 'account.created.v1',
    subject: id,
    data: { accountId: id, email, name, role, ...(locale && { locale }) },
    traceparent: currentTraceparent(),
  });
}

export function accountChanged(account: RoleAndPermissions & { id: string }): CloudEvent {
  return newEvent({
    source,
    type: 'account.changed.v1',
    subject: account.id,
    data: { accountId: account.id, role: eventRole(account) },
    traceparent: currentTraceparent(),
  });
}

/** How to address the account from now on. */
export function accountContactChanged(account: Account): CloudEvent {
  const { id, email, name, emailVerified, locale, contactVersion } = account;
  return newEvent({
    source,
    type: 'account.contact-changed.v1',
    subject: id,
    data: { accountId: id, email, name, emailVerified, ...(locale && { locale }), version: contactVersion },
    traceparent: currentTraceparent(),
  });
}

/** What the account may do from now on. */
export function accountStatusChanged(account: Account): CloudEvent {
  const { id, banned, banExpires, statusVersion } = account;
  const role = eventRole(account);
  return newEvent({
    source,
    type: 'account.status-changed.v1',
    subject: id,
    data: {
      ...{ accountId: id, role, banned, version: statusVersion },
      ...(banned && banExpires && { bannedUntil: banExpires.toISOString() }),
    },
    traceparent: currentTraceparent(),
  });
}

/** Each under the account that it was of: of a session in which an operator acted, the customer's. */
export const sessionsRevoked = (ended: readonly EndedSession[]): CloudEvent[] =>
  ended.map(({ id, accountId }) => sessionRevoked(id, accountId));

/** `sessionId` is the id of the session or of the API key: what the `sid` of its access tokens says. */
export function sessionRevoked(sessionId: string, accountId: string): CloudEvent {
  return newEvent({
    source,
    type: 'session.revoked.v1',
    subject: accountId,
    data: { sessionId, accountId },
    traceparent: currentTraceparent(),
  });
}
