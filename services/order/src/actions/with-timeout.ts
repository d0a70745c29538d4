/** Runs a call. After `ms`, or when the service stops, its signal is aborted and its result is not waited for. */
export async function withTimeout<T>(
  ms: number,
  stopping: AbortSignal,
  call: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const over = new AbortController();
  const { promise: timedOut, reject } = Promise.withResolvers<never>();
  const giveUp = (reason: unknown) => {
    over.abort(reason);
    reject(reason);
  };
  const timer = setTimeout(() => giveUp(new DOMException(`No answer within ${ms} ms`, 'TimeoutError')), ms);
  const stop = () => giveUp(stopping.reason);
  stopping.addEventListener('abort', stop);
  if (stopping.aborted) stop();
  try {
    return await Promise.race([call(over.signal), timedOut]);
  } finally {
    clearTimeout(timer);
    stopping.removeEventListener('abort', stop);
  }
}
