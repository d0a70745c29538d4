import type { CloudEvent } from '@tradepost/contracts/cloud-event';
import type { EventData, EventType } from '@tradepost/contracts/events';
import { sql, type Tx } from './db.ts';
import type { Pool } from './pool.ts';
import { uuidv7 } from './uuid.ts';

const insert = sql('outbox.add', 'insert into outbox (event) select value from json_array_elements($1::json)');

/**
 * The transactional outbox: what is written here is published once the transaction has committed, and only then.
 *
 * The table is `outbox (id bigint identity, event json, created_at timestamptz default now())`. A store that writes
 * everything in one statement adds its events as one more part of it; pass `JSON.stringify(events)`:
 * `with …, sent as (insert into outbox (event) select value from json_array_elements($9::json)) select …`.
 * Such a statement needs no transaction around it.
 */
export const outbox = {
  /** Adds events, in their order, in one statement however many there are. */
  async add(tx: Tx, events: CloudEvent | readonly CloudEvent[]): Promise<void> {
    const list = Array.isArray(events) ? events : [events];
    if (list.length === 0) return;
    await tx.query(insert([JSON.stringify(list)]));
  },
};

/**
 * The same pool; `notify` is called whenever a statement or a transaction that wrote to the outbox is over, also when its outcome is unknown.
 * It is known by the text of statements that are declared with `sql`; what others write is found when the relay polls.
 */
export function notifyOutboxWrites(pool: Pool, notify: () => void): Pool {
  return {
    ...pool,
    query: (statement) =>
      statement.writesOutbox ? pool.query<never>(statement).finally(notify) : pool.query(statement),
    transaction: async (work, options) => {
      let hasEvents = false;
      try {
        return await pool.transaction(async (tx) => {
          const result = await work(tx);
          hasEvents = tx.hasEvents();
          return result;
        }, options);
      } finally {
        if (hasEvents) notify();
      }
    },
  };
}

/** Makes an event with a new id and the time of now. `source` is the name of the service that writes it. */
export function newEvent<T extends EventType>(o: {
  source: string;
  type: T;
  subject: string;
  data: EventData<T>;
  /** W3C trace context of the request or message that causes it. */
  traceparent?: string | undefined;
}): CloudEvent<T> {
  const event = {
    specversion: '1.0',
    id: uuidv7(),
    source: o.source.startsWith('/') ? o.source : `/${o.source}`,
    type: o.type,
    subject: o.subject,
    time: new Date().toISOString(),
    datacontenttype: 'application/json',
    ...(o.traceparent === undefined ? {} : { traceparent: o.traceparent }),
    data: o.data,
  };
  // CloudEvent<T> is a union over T that the compiler cannot resolve while T is open; `type` and `data` share their T.
  return event as CloudEvent<T>;
}
