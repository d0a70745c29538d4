const RETRY_MS = [500, 1_500, 4_000] as const;

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
const online = () => new Promise((resolve) => addEventListener('online', resolve, { once: true }));

/**
 * Loads code that is a file of its own; hand the result to React's `lazy`. React remembers a failed load for as long as the
 * page lives, so a load fails only after several attempts. Without a network it waits until there is one again.
 */
export async function loadCode<T>(load: () => Promise<T>): Promise<T> {
  for (const ms of RETRY_MS) {
    try {
      return await load();
    } catch {
      await (navigator.onLine ? pause(ms) : online());
    }
  }
  return load();
}
