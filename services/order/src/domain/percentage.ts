import { ProblemError } from '@tradepost/contracts/problem-error';

const PPM_OF_ONE_PERCENT = 10_000;

/** Parts per million as percent: 88,750 is 8.875. */
export const percentOf = (ppm: number): number => ppm / PPM_OF_ONE_PERCENT;

/** Percent as parts per million, exactly. Refuses more than four decimals, naming the field. */
export function requirePpm(percent: number, field: string): number {
  const ppm = Math.round(percent * PPM_OF_ONE_PERCENT);
  // Both are the nearest number to the same decimal fraction, unless there are more decimals.
  if (percentOf(ppm) === percent) return ppm;
  const message = 'must have at most four decimals';
  throw new ProblemError('validation_failed', 'One field is not valid', { errors: [{ field, message }] });
}
