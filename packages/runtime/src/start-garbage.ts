import { setTimeout as sleep } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

/** By then a service that has just become ready has answered its first probes. */
const AFTER_MS = 2_000;

/**
 * Collects, once, what the start of a process has left: some 6 MiB of young objects and of compiled code that is not used again. V8 would collect
 * it when the heap grows, which it does not in a service at rest. Of the flavors of a collection only `last-resort` also gives back the room of the young
 * generation, 5 to 8 MiB, which grows to its limit during a start; it collects twice.
 *
 * Source: https://nodejs.org/api/v8.html#v8setflagsfromstringflags, and for the options src/extensions/gc-extension.cc of V8. The flag is set here and
 * not on the command line, since V8 refuses code that was compiled ahead under other flags.
 */
export async function collectStartGarbage(signal: AbortSignal): Promise<void> {
  const isOver = await sleep(AFTER_MS, false, { ref: false, signal }).catch(() => true);
  if (isOver) return;
  setFlagsFromString('--expose-gc');
  const collect: unknown = runInNewContext('globalThis.gc');
  if (typeof collect === 'function') collect({ type: 'major', execution: 'sync', flavor: 'last-resort' });
}
