/**
 * A token bucket of `quota` tokens that fills evenly in `windowMs`. Kept as one number per caller, the "theoretical arrival
 * time" of the generic cell rate algorithm (ITU-T I.371): the time at which the bucket would be full again.
 */
export type RatePolicy = {
  name: string;
  quota: number;
  windowMs: number;
  /** The value of `RateLimit-Policy`. */
  header: string;
};

export function ratePolicy(name: string, quota: number, windowSeconds: number): RatePolicy {
  return { name, quota, windowMs: windowSeconds * 1000, header: `"${name}";q=${quota};w=${windowSeconds}` };
}

export type TakeResult = {
  allowed: boolean;
  /** When the bucket is full again: the number to keep. */
  fullAt: number;
  remaining: number;
  /** Milliseconds until there is one token (0 unless refused). */
  retryAfterMs: number;
};

/** Takes one token at `now` from a bucket that is full at `fullAt` (undefined: full). */
export function takeToken(policy: RatePolicy, fullAt: number | undefined, now: number): TakeResult {
  const interval = policy.windowMs / policy.quota;
  const from = fullAt === undefined || fullAt < now ? now : fullAt;
  const next = from + interval;
  const room = now + policy.windowMs - next;
  // Half an interval's thousandth forgives rounding, without which the last token of a full bucket can go missing.
  if (room < -interval / 1000) return { allowed: false, fullAt: from, remaining: 0, retryAfterMs: -room };
  return { allowed: true, fullAt: next, remaining: Math.max(0, Math.floor(room / interval + 0.001)), retryAfterMs: 0 };
}

/** Takes `tokens` from a bucket that is full at `fullAt`. The bucket may owe tokens afterwards. Returns when it is full again. */
export function charge(policy: RatePolicy, fullAt: number | undefined, now: number, tokens: number): number {
  return Math.max(fullAt ?? now, now) + (tokens * policy.windowMs) / policy.quota;
}

/** A request counts once more for each full piece of this many bytes in its body. */
const BYTES_PER_TOKEN = 8 * 1024;

/** The tokens that a body of `bytes` costs, beside the one for the request. */
export const tokensOfBody = (bytes: number): number => Math.floor(bytes / BYTES_PER_TOKEN);

/**
 * The value of `RateLimit`: what is left, and the seconds until the bucket is full again.
 * Source: https://datatracker.ietf.org/doc/draft-ietf-httpapi-ratelimit-headers/
 */
export function rateLimitHeader(policy: RatePolicy, taken: TakeResult, now: number): string {
  const until = taken.allowed ? taken.fullAt - now : taken.retryAfterMs;
  return `"${policy.name}";r=${taken.remaining};t=${Math.ceil(until / 1000)}`;
}
