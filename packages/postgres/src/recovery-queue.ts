/**
 * The queue for a database that cannot be reached. Work that was refused a connection waits here, with a deadline of its own. One
 * probe at a time tries to connect, however much work waits. Once it succeeds all of the work goes on.
 *
 * The queue has three states: available (nothing waits), unavailable (work waits, the probe runs), and, when the database has been
 * unavailable for longer than `maxOutageMs`, given up: work fails at its first refusal, until a connection succeeds.
 */
export type RecoveryQueue = {
  /** True while the database is unavailable and work waits: whatever comes then waits, too, and does not try to connect. */
  isWaiting(): boolean;
  /** How much work waits. */
  size(): number;
  /** Calls `resume` once the database is back, or `giveUp` when the deadline has passed, or at once when the queue is full. */
  wait(work: WaitingWork): void;
  /** A connection was made. */
  connected(): void;
};

export type WaitingWork = {
  /** Why there is no connection; undefined when nobody has tried for this work. */
  error: Error | undefined;
  /** When the work was refused for the first time, by `performance.now()`. */
  since: number;
  resume(): void;
  giveUp(err: Error): void;
};

export type RecoveryOptions = {
  /** How long one piece of work waits at the most. */
  maxWaitMs: number;
  /** How much work may wait. */
  maxWaiting: number;
  /** Connects and answers whether that went well. */
  probe(done: (err: Error | undefined) => void): void;
};

const FIRST_PAUSE_MS = 25;
const LONGEST_PAUSE_MS = 200;
/** Nobody waits for a database that has been unavailable for so many times `maxWaitMs`: it does not merely restart. */
const OUTAGE_WAITS = 4;

/** Makes an empty queue. Nothing has been sent for the work that waits, so that to go on with it later is harmless. */
// Long: the three states of one queue
export function createRecoveryQueue(o: RecoveryOptions): RecoveryQueue {
  const waiting = new Map<WaitingWork, NodeJS.Timeout>();
  let unavailableSince: number | undefined;
  let lastError = new Error('The database cannot be reached');
  let probing = false;

  function scheduleProbe(): void {
    if (probing || waiting.size === 0) return;
    probing = true;
    const outageMs = performance.now() - (unavailableSince ?? performance.now());
    // A share of the outage, and not the same for all instances, so that they do not all come back at one moment.
    const pause = Math.min(LONGEST_PAUSE_MS, Math.max(FIRST_PAUSE_MS, outageMs / 4)) * (0.75 + Math.random() / 2);
    setTimeout(o.probe, pause, (err: Error | undefined) => {
      probing = false;
      if (err === undefined) connected();
      else {
        lastError = err;
        scheduleProbe();
      }
    });
  }

  function connected(): void {
    unavailableSince = undefined;
    const released = [...waiting];
    waiting.clear();
    for (const [work, timer] of released) {
      clearTimeout(timer);
      work.resume();
    }
  }

  return {
    isWaiting: () => waiting.size > 0,
    size: () => waiting.size,
    connected,
    wait(work) {
      const now = performance.now();
      unavailableSince ??= now;
      lastError = work.error ?? lastError;
      const leftMs = work.since + o.maxWaitMs - now;
      const isGivenUp = now - unavailableSince > OUTAGE_WAITS * o.maxWaitMs;
      if (isGivenUp || leftMs <= 0 || waiting.size >= o.maxWaiting) {
        work.giveUp(work.error ?? lastError);
        return;
      }
      const giveUp = () => {
        waiting.delete(work);
        work.giveUp(lastError);
      };
      waiting.set(work, setTimeout(giveUp, leftMs));
      scheduleProbe();
    },
  };
}
