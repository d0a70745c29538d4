import type { CloudEvent } from '@tradepost/contracts/cloud-event';
import { ProblemError } from '@tradepost/contracts/problem-error';
import { type Db, sql } from '@tradepost/postgres/db';
import type { Pool } from '@tradepost/postgres/pool';
import { type Handlers, handleEvents } from './handlers.ts';
import { createEventReader } from './read-event.ts';

/**
 * A dead letter: an event that could not be handled, or not read, in the table `dead_letter` of the service that should have handled it. It
 * stays there until an operator replays or discards it.
 */
export type DeadLetter = {
  eventId: string;
  /** Its type as it claimed, or `unknown`. */
  type: string;
  /** The event as it came; a string if it was no JSON. */
  event: unknown;
  /** Why it is here. */
  error: string;
  /** How often handling it was tried; 0 if it was unreadable. */
  attempts: number;
  /** RFC 3339, UTC, to the microsecond. */
  parkedAt: string;
};

/** Where a page of the list ended. */
export type DeadLetterPosition = { parkedAt: string; eventId: string };

const COLUMNS = `event_id as "eventId", type, event, error, attempts,
  to_char(parked_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') as "parkedAt"`;

const insert = sql(
  'dead_letter.insert',
  `insert into dead_letter (event_id, type, event, error, attempts)
   select $1::uuid, $2::text, $3::json, $4::text, $5::int
   where not exists (select from inbox where event_id = $1::uuid)
   on conflict (event_id) do nothing`,
);
const page = sql(
  'dead_letter.page',
  `select ${COLUMNS} from dead_letter
   where $1::timestamptz is null or (parked_at, event_id) < ($1::timestamptz, $2::uuid)
   order by parked_at desc, event_id desc limit $3`,
);
const one = sql('dead_letter.get', `select ${COLUMNS} from dead_letter where event_id = $1`);
const take = sql('dead_letter.take', 'delete from dead_letter where event_id = $1 returning event');

/**
 * Keeps an event for an operator. False if it was not kept, because it is there already or because the service has
 * handled it after all.
 */
export async function insertDeadLetter(db: Db, letter: Omit<DeadLetter, 'parkedAt'>): Promise<boolean> {
  const { eventId, type, event, error, attempts } = letter;
  const values = [eventId, storable(type), JSON.stringify(event ?? null), storable(error), attempts];
  const { rowCount } = await db.query(insert(values));
  return rowCount > 0;
}

/** A page of dead letters, the latest first, and where it ended if there are more. */
export async function listDeadLetters(
  db: Db,
  o: { limit: number; after?: DeadLetterPosition | undefined },
): Promise<{ items: DeadLetter[]; next: DeadLetterPosition | undefined }> {
  const { rows } = await db.query<DeadLetter>(page([o.after?.parkedAt ?? null, o.after?.eventId ?? null, o.limit + 1]));
  const items = rows.slice(0, o.limit);
  const last = items.at(-1);
  const next = rows.length > o.limit && last ? { parkedAt: last.parkedAt, eventId: last.eventId } : undefined;
  return { items, next };
}

/** One dead letter. */
export async function getDeadLetter(db: Db, eventId: string): Promise<DeadLetter | undefined> {
  const { rows } = await db.query<DeadLetter>(one([eventId]));
  return rows[0];
}

/**
 * Handles a dead letter once more and removes it, in one transaction. `handled_before` means that the event had taken
 * effect already, and nothing was done but the removal. When the handler throws, that is thrown and the letter stays;
 * so does one that is not valid, with a `ProblemError`.
 */
export function replayDeadLetter(
  o: { pool: Pool; handlers: Handlers },
  eventId: string,
): Promise<'handled' | 'handled_before' | 'not_found'> {
  return o.pool.transaction(async (tx) => {
    const { rows } = await tx.query<{ event: unknown }>(take([eventId]));
    const [row] = rows;
    if (!row) return 'not_found';
    const fresh = await handleEvents(tx, o.handlers, [readAgain(row.event)]);
    return fresh.length > 0 ? 'handled' : 'handled_before';
  });
}

/** Removes a dead letter unhandled; false if there is none. */
export async function discardDeadLetter(db: Db, eventId: string): Promise<boolean> {
  const { rowCount } = await db.query(take([eventId]));
  return rowCount > 0;
}

function readAgain(body: unknown): CloudEvent {
  const read = createEventReader()(body);
  if ('event' in read) return read.event;
  throw new ProblemError('unprocessable', `The event cannot be handled. ${read.unreadable.reason}`);
}

/** PostgreSQL's text cannot hold a NUL character. */
function storable(text: string): string {
  return text.replaceAll('\0', '\uFFFD').slice(0, 10_000);
}
