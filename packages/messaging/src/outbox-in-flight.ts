import { type Backoff, backoffMs } from './backoff.ts';

type DeferredRow = { failures: number; until: number };

/** What the relay knows about the outbox rows that it has read, and the table does not. */
export type OutboxInFlight = {
  /** The row has been handed to the transport. */
  sent(id: number): void;
  /** The transport has confirmed it: it may be deleted. */
  confirmed(id: number): void;
  /** It was not confirmed, and is to be read again. */
  failed(id: number): void;
  /** It could not be published although others can: it is left alone for a while. Returns how often that has been. */
  defer(id: number): number;
  /** Rows to be deleted; they count as busy until `deleted`. */
  toDelete(): number[];
  deleted(ids: readonly number[]): void;
  /** Rows not to be read now. */
  busy(): number[];
  /** Rows on their way: sent, and neither confirmed nor failed. */
  inFlight(): number;
  /** When the first held row is due, in milliseconds since the epoch; Infinity if none is held. */
  nextDue(): number;
  /** Makes every held row due. */
  resetBackoff(): void;
};

const FORGOTTEN_MS = 600_000;

/** `backoff` is for rows that cannot be published although others can. */
export function trackInFlight(backoff: Backoff): OutboxInFlight {
  const inFlight = new Set<number>();
  const confirmed = new Set<number>();
  const held = new Map<number, DeferredRow>();
  return {
    sent: (id) => {
      inFlight.add(id);
    },
    confirmed: (id) => {
      inFlight.delete(id);
      held.delete(id);
      confirmed.add(id);
    },
    failed: (id) => {
      inFlight.delete(id);
    },
    defer: (id) => {
      inFlight.delete(id);
      const failures = (held.get(id)?.failures ?? 0) + 1;
      held.set(id, { failures, until: Date.now() + backoffMs(backoff, failures) });
      return failures;
    },
    toDelete: () => [...confirmed],
    deleted: (ids) => {
      for (const id of ids) confirmed.delete(id);
    },
    busy: () => {
      const now = Date.now();
      // Overdue by far: another instance has published it.
      for (const [id, { until }] of held) if (until > 0 && until + FORGOTTEN_MS < now) held.delete(id);
      const waiting = [...held].filter(([, { until }]) => until > now).map(([id]) => id);
      return [...new Set([...inFlight, ...confirmed, ...waiting])];
    },
    inFlight: () => inFlight.size,
    nextDue: () => Math.min(Number.POSITIVE_INFINITY, ...[...held.values()].map(({ until }) => until)),
    resetBackoff: () => {
      for (const row of held.values()) row.until = 0;
    },
  };
}
