/** Figures as operators read them. */

const whole = new Intl.NumberFormat('en-IE', { maximumFractionDigits: 0 });
const small = new Intl.NumberFormat('en-IE', { maximumSignificantDigits: 2 });

/** Two significant digits for small numbers, whole numbers otherwise: 0.42, 3.1, 1,204. */
export const formatNumber = (value: number): string => (Math.abs(value) < 10 ? small : whole).format(value);

/** Milliseconds, or seconds where they are many. */
export function formatDuration(ms: number): string {
  if (ms < 1_000) return `${formatNumber(ms)} ms`;
  if (ms < 60_000) return `${formatNumber(ms / 1_000)} s`;
  if (ms < 3_600_000) return `${formatNumber(ms / 60_000)} min`;
  return ms < 172_800_000 ? `${formatNumber(ms / 3_600_000)} h` : `${formatNumber(ms / 86_400_000)} days`;
}

/** A part of a whole as a percentage. A part above 0 is never shown as 0 %. */
export function formatShare(part: number, whole: number): string {
  if (whole === 0 || part === 0) return '0 %';
  const percent = (part / whole) * 100;
  return percent < 0.1 ? '< 0.1 %' : `${formatNumber(percent)} %`;
}

export const sum = (values: readonly number[]): number => values.reduce((total, one) => total + one, 0);

/** A number with its noun, in the singular or the plural. */
export const pluralize = (count: number, one: string, many = `${one}s`): string =>
  `${whole.format(count)} ${count === 1 ? one : many}`;

type TimeSteps = { from: string; stepSeconds: number };

/** The steps of an answer that are over; the last one still changes. */
export function finishedSteps({ from, stepSeconds }: TimeSteps, steps: number, now: number): { times: number[] } {
  const begin = Date.parse(from) / 1_000;
  const times = Array.from({ length: steps }, (_, step) => begin + step * stepSeconds);
  return { times: times.filter((time) => (time + stepSeconds) * 1_000 <= now) };
}
