import { ProblemError } from '@tradepost/contracts/problem-error';

const EARLIEST = Date.parse('0001-01-01T00:00:00Z');
const LATEST = Date.parse('9999-12-31T23:59:59.999Z');

/** A time as RFC 3339 writes it; null without one. Refuses a leap second and years that RFC 3339 cannot write in UTC. */
export function readTime(text: string | undefined, field: string): Date | null {
  if (text === undefined) return null;
  const time = new Date(text);
  if (time.getTime() >= EARLIEST && time.getTime() <= LATEST) return time;
  const message = 'must be a time of the years 1 to 9999, without a leap second';
  throw new ProblemError('validation_failed', 'One field is not valid', { errors: [{ field, message }] });
}
