import { atMost, SLOW_MS } from './batch.ts';

/**
 * Single-flight: coalesces concurrent calls with the same `key`. The first call runs at once. Calls that come while it runs share
 * the next run, which begins when the first has ended, or after 0.1 s; so no caller gets data that was read before its call. A run
 * that fails fails all who share it. Results are shared, so they must not be changed.
 */
export function coalesce<Result>(): (key: string, run: () => Promise<Result>) => Promise<Result> {
  const calls = new Map<string, { current: Promise<Result>; next: Promise<Result> | undefined }>();

  function begin(key: string, run: () => Promise<Result>): Promise<Result> {
    const call = { current: run(), next: undefined };
    calls.set(key, call);
    const forget = () => void (calls.get(key) === call && !call.next && calls.delete(key));
    call.current.then(forget, forget);
    return call.current;
  }

  return (key, run) => {
    const call = calls.get(key);
    if (!call) return begin(key, run);
    call.next ??= atMost(SLOW_MS, call.current).then(() => begin(key, run));
    return call.next;
  };
}
