/** A wait that can be cut short. A ring that nobody is waiting for is remembered for the next wait. */
export type Alarm = {
  ring(): void;
  /** True if it has rung since the last wait; that ring is then taken. */
  rang(): boolean;
  /** Resolves when it rings or after `ms`; true if it rang. */
  wait(ms: number): Promise<boolean>;
};

/** Makes an alarm for one waiter at a time. */
export function createAlarm(): Alarm {
  let rung = false;
  let awaken: ((rang: boolean) => void) | undefined;
  return {
    ring() {
      if (awaken) awaken(true);
      else rung = true;
    },
    rang() {
      const taken = rung;
      rung = false;
      return taken;
    },
    wait(ms) {
      if (rung) {
        rung = false;
        return Promise.resolve(true);
      }
      return new Promise((resolve) => {
        const timer = setTimeout(() => awaken?.(false), ms);
        awaken = (rang) => {
          awaken = undefined;
          clearTimeout(timer);
          resolve(rang);
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
export async function within(ms: number, work: Promise<unknown>): Promise<boolean> {
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
