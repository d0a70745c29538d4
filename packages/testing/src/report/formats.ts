/** A whole number with commas between thousands: `20,214`. */
export const formatCount = (n: number): string => n.toLocaleString('en');

/** A share of 1 as per cent with three places: `0.136 %`. */
export const formatPercent = (share: number): string => `${(share * 100).toFixed(3)} %`;

/** The same, rounded down, so that an availability below 1 never reads `100.000 %`. */
export const formatAvailability = (share: number): string => formatPercent(Math.floor(share * 100_000) / 100_000);

/** Milliseconds as seconds with one place: `3.5 s`. */
export const formatSeconds = (ms: number): string => `${(ms / 1000).toFixed(1)} s`;

/** A latency in milliseconds, which from ten seconds on is written in seconds: `1,250 ms`, `12.3 s`. */
export const formatLatency = (ms: number): string =>
  ms < 10_000 ? `${formatCount(Math.round(ms))} ms` : formatSeconds(ms);

/** Milliseconds of processor time without a unit, to the microsecond where they are less than one: `0.203`, `12.78`. */
export const formatCpuMs = (ms: number): string => ms.toFixed(ms < 1 ? 3 : 2);
