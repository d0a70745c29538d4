/**
 * The response header by which a service allows the gateway to keep an answer for a moment and to give it to others who ask the same:
 * a targeted cache control (RFC 9213), with times in milliseconds. It wins over `Cache-Control`, which is for clients and the caches
 * of others. The gateway removes it.
 *
 * Whoever sends it says that the answer depends on the path and the query alone: on no credential and no other header.
 */
export const CACHE_HEADER = 'x-tradepost-cache-control';

/** In milliseconds. */
export type Freshness = {
  /** How old the answer may be when it is given out, counted from when its data was read. */
  maxAgeMs: number;
  /** How old it is now. */
  ageMs: number;
};

/** The value of the header. */
export const writeFreshness = ({ maxAgeMs, ageMs }: Freshness): string =>
  `max-age-ms=${Math.floor(maxAgeMs)}, age-ms=${Math.max(0, Math.ceil(ageMs))}`;

/** Reads the header; undefined for what nobody may keep, also for what cannot be read. */
export function readFreshness(header: unknown): Freshness | undefined {
  if (typeof header !== 'string') return undefined;
  const [, maxAge, age] = /^max-age-ms=(\d{1,9}), age-ms=(\d{1,9})$/.exec(header) ?? [];
  return maxAge === undefined || age === undefined ? undefined : { maxAgeMs: Number(maxAge), ageMs: Number(age) };
}
