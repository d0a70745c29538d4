import type { CloudEvent } from '@tradepost/contracts/cloud-event';
import { encodeEvent } from '@tradepost/messaging/encoded-event';
import type { Transport } from '@tradepost/messaging/transport';
import { rewriteStatements } from './rewriting.ts';

/** Between the commit and the publishing, as in a program that has something else to do first. */
const LATER_MS = 1500;

/**
 * Publishes what is written to the outbox from the memory of this process, once the transaction has committed, as is done
 * where there is no outbox. (The table itself takes nothing in a run with this sabotage.)
 */
export function publishAfterwards(transport: Transport): void {
  /** Of transactions that are under way, by connection. */
  const uncommitted = new WeakMap<object, CloudEvent[]>();
  const publish = (events: readonly CloudEvent[]) => {
    if (events.length > 0) setTimeout(() => transport.publish(events.map(encodeEvent)), LATER_MS);
  };
  rewriteStatements({
    answered: ({ client, query, failed, result }, pass) => {
      const word = /^\s*(\w+)/.exec(query.text)?.[1]?.toLowerCase();
      if (word === 'begin') uncommitted.set(client, []);
      else if (word === 'commit' || word === 'rollback') {
        if (word === 'commit' && !failed) publish(uncommitted.get(client) ?? []);
        uncommitted.delete(client);
      } else if (query.text.includes('insert into outbox') && !failed) {
        const isWritten = writtenBy(result);
        const events = eventsIn(query.values ?? []).filter(isWritten);
        const open = uncommitted.get(client);
        if (open) open.push(...events);
        // Outside a transaction, a statement that wrote nothing else has nothing to tell.
        else if (Reflect.get(Object(result), 'rowCount') !== 0) publish(events);
      }
      pass();
    },
  });
}

/** A statement has its events as one JSON text, as one text for each, or as an array of texts. */
function eventsIn(values: readonly unknown[]): CloudEvent[] {
  return values.flatMap((value): CloudEvent[] => {
    if (Array.isArray(value)) return eventsIn(value);
    if (isEvent(value)) return [value];
    return typeof value === 'string' && value.includes('"specversion"') ? eventsIn([JSON.parse(value)]) : [];
  });
}

/** Whether a statement has written what an event tells of: one that answers `is_written` for each id may have refused some. */
function writtenBy(result: unknown): (event: CloudEvent) => boolean {
  const rows: unknown = Reflect.get(Object(result), 'rows');
  const refused = (Array.isArray(rows) ? rows : []).filter((row) => Reflect.get(Object(row), 'is_written') === false);
  const ids = new Set(refused.map((row) => Reflect.get(Object(row), 'id')));
  return ({ subject }) => !ids.has(subject);
}

function isEvent(value: unknown): value is CloudEvent {
  return typeof value === 'object' && value !== null && Reflect.get(value, 'specversion') === '1.0';
}
