/** Why the shop cannot be started, in a line or two that tell what to do about it. Nothing is wrong with the program. */
export class StartFailure extends Error {
  override readonly name = 'StartFailure';
}

/** The command line was not understood. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** What an error says, and what caused it, in one line. */
export function messageOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const [first] = error instanceof AggregateError ? error.errors : [];
  const message = error.message === '' && first !== undefined ? messageOf(first) : error.message;
  return error.cause === undefined ? message : `${message}: ${messageOf(error.cause)}`;
}
