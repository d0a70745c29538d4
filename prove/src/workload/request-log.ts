/** What shoppers and sellers ask for. */
export const requestKinds = [
  'list',
  'product',
  'order',
  'follow',
  'cancel',
  'handle',
  'change',
  'session',
  'signIn',
] as const;
export type RequestKind = (typeof requestKinds)[number];

/** One thing that somebody wanted, with all attempts that it took. Times are milliseconds from the beginning of the load. */
export type Sample = {
  kind: RequestKind;
  startedMs: number;
  /** Until the answer that counted, or until it was given up. */
  tookMs: number;
  attempts: number;
  /** Whether the very first attempt was answered. */
  answeredAtOnce: boolean;
  /** Whether it was answered in the end. */
  answered: boolean;
};

/** Everything that was asked, and a tally of what went wrong with attempts. */
export type RequestLog = {
  samples: Sample[];
  /** Attempts that failed, by what was answered or thrown: `503`, `ECONNRESET`. */
  failures: Map<string, number>;
  attempts: number;
  /** Answers that no shopper should ever get; the first of each. */
  unexpected: string[];
};

export function newRequestLog(): RequestLog {
  return { samples: [], failures: new Map(), attempts: 0, unexpected: [] };
}
