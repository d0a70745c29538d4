const LONGEST_PAUSE_MS = 6 * 3_600_000;

export type RetryPolicy = { maxAttempts: number; firstMs: number };

/**
 * The pause after the attempt of this number (1 is the first), or undefined when no attempt is left: doubled each time up to 6 hours, and a
 * fifth less or more by `random` (0 to 1), so that what failed together does not come back together. 16 attempts, the first pause a
 * minute, take about two days.
 */
export function retryPauseMs(
  attempt: number,
  { maxAttempts, firstMs }: RetryPolicy,
  random: number,
): number | undefined {
  if (attempt >= maxAttempts) return undefined;
  return Math.round(Math.min(LONGEST_PAUSE_MS, firstMs * 2 ** Math.min(attempt - 1, 30)) * (0.8 + 0.4 * random));
}
