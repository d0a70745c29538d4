/** A wait that a notification ends early. A notification that comes while nobody waits ends the next wait. */
export type WakeSignal = {
  notify(): void;
  /** Resolves after a notification or after `ms`; true if it was a notification. */
  wait(ms: number): Promise<boolean>;
};

/** Makes a signal for one waiter at a time. */
export function createWakeSignal(): WakeSignal {
  let isNotified = false;
  let awaken: ((wasNotified: boolean) => void) | undefined;
  return {
    notify() {
      if (awaken) awaken(true);
      else isNotified = true;
    },
    wait(ms) {
      if (isNotified) {
        isNotified = false;
        return Promise.resolve(true);
      }
      return new Promise((resolve) => {
        const timer = setTimeout(() => awaken?.(false), ms);
        awaken = (wasNotified) => {
          awaken = undefined;
          clearTimeout(timer);
          resolve(wasNotified);
        };
      });
    },
  };
}

/** Resolves after `ms` or once the signal is aborted, whichever is first; never rejects. */
export function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted || ms <= 0) return resolve();
    const done = () => {
      clearTimeout(timer);
      signal.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, ms);
    signal.addEventListener('abort', done);
  });
}

/** Resolves true once `work` has settled, or false after `ms`. */
export async function settlesWithin(ms: number, work: Promise<unknown>): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<boolean>((resolve) => {
    timer = setTimeout(resolve, ms, false);
  });
  const done = work.then(
    () => true,
    () => true,
  );
  const inTime = await Promise.race([done, late]);
  clearTimeout(timer);
  return inTime;
}
