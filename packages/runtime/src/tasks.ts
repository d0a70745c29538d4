import { createWakeSignal, pause } from '@tradepost/messaging/wake-signal';
import type { Logger } from 'pino';

/** Work that a service does on its own, again and again. */
export type Task = {
  /** For log lines and metrics: `saga-timer`. */
  name: string;
  /** Milliseconds between two runs that found nothing to do; a tenth of it more or less, at random. */
  everyMs: number;
  /**
   * Does one round and tells how much was done: above 0 it is run again at once, so take a bounded batch each time.
   * `signal` is aborted when the service stops. What it throws is logged, and the next round waits longer and longer.
   */
  run(signal: AbortSignal): Promise<number | undefined> | Promise<void>;
};

/** A task that is running. */
export type RunningTask = {
  readonly name: string;
  /** Runs it now, or once more when it is running already; a pause after an error is not cut short. */
  wake(): void;
  /** Ends it and waits for the round that is running. */
  stop(): Promise<void>;
};

/**
 * The longest pause after errors: 5 s for a task that runs often, so that its work goes on soon after an outage of its database,
 * however long that was; up to a minute for one that runs rarely.
 */
const longestPause = (everyMs: number): number => Math.min(60_000, Math.max(5_000, everyMs));

/** Starts a task; the first round begins at once. */
export function startTask(task: Task, o: { log: Logger; onRun?: (outcome: 'ok' | 'error') => void }): RunningTask {
  const stopping = new AbortController();
  const wakeSignal = createWakeSignal();
  let failures = 0;

  const round = async (): Promise<void> => {
    try {
      const done = await task.run(stopping.signal);
      failures = 0;
      o.onRun?.('ok');
      if (!done) await wakeSignal.wait(jittered(task.everyMs));
    } catch (err) {
      // Work whose signal was aborted may well throw.
      if (stopping.signal.aborted) return;
      failures++;
      o.onRun?.('error');
      const retryInMs = Math.round(backoff(task.everyMs, failures));
      o.log.error({ err, task: task.name, failures, retryInMs }, 'a background task failed');
      await pause(retryInMs, stopping.signal);
    }
  };

  const running = (async () => {
    while (!stopping.signal.aborted) await round();
  })();

  return {
    name: task.name,
    wake: wakeSignal.notify,
    async stop() {
      stopping.abort();
      wakeSignal.notify();
      await running;
    },
  };
}

function jittered(milliseconds: number): number {
  return milliseconds * (0.9 + 0.2 * Math.random());
}

function backoff(everyMs: number, failures: number): number {
  const first = Math.max(100, Math.min(everyMs, 1000));
  return jittered(Math.min(longestPause(everyMs), first * 2 ** Math.min(failures - 1, 16)));
}
