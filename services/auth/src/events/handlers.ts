import type { Handlers } from '@tradepost/messaging/consumer';
import { confirmPart, lockErasures } from '../store/erasures.ts';

/** The handlers of the events that `auth` consumes. */
export function authHandlers(now: () => Date): Handlers {
  return {
    'account.erasure-confirmed.v1': async (tx, events) => {
      // One after the other: a batch has a handful at the most. The highest version of a service counts, in whatever order they come.
      lockErasures(
        tx,
        events.map(({ data }) => data.erasureId),
      );
      for (const { data } of events) await confirmPart(tx, data, now());
    },
  };
}
