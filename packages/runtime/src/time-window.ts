import { Type } from 'typebox';

/** The minutes up to now, cut into steps that a chart can show: what operators look at load and sales in. */
export type TimeWindow = {
  /** The beginning of the first step. */
  from: Date;
  /** The end of the last one, which is still going on. */
  to: Date;
  stepSeconds: number;
  /** How many steps. */
  steps: number;
};

/** The longest window, in minutes: a day. */
const LONGEST = 1440;

/** For the query of a route that answers in steps. */
export const WindowQuery = Type.Object(
  {
    minutes: Type.Integer({
      minimum: 5,
      maximum: LONGEST,
      default: 15,
      description: 'Length of the time range; the response has 30 to 180 steps',
    }),
  },
  { additionalProperties: false },
);

/** What an answer in steps begins with. */
export const windowSchema = {
  from: Type.String({ format: 'date-time', description: 'Begin of the first step' }),
  stepSeconds: Type.Integer({ minimum: 1, description: 'Length of a step; the last step is not over yet' }),
};

/** Steps by how many minutes they serve. All of them divide a day, so that steps of one length begin at the same times. */
const STEPS = [
  { minutes: 30, seconds: 10 },
  { minutes: 60, seconds: 30 },
  { minutes: 180, seconds: 60 },
  { minutes: 600, seconds: 300 },
] as const;

/** The window of `minutes` minutes that ends with the step of `now`. */
export function timeWindow(minutes: number, now: Date): TimeWindow {
  const stepSeconds = STEPS.find((step) => minutes <= step.minutes)?.seconds ?? 600;
  const stepMs = stepSeconds * 1000;
  const steps = Math.ceil((minutes * 60) / stepSeconds);
  const to = (Math.floor(now.getTime() / stepMs) + 1) * stepMs;
  return { from: new Date(to - steps * stepMs), to: new Date(to), stepSeconds, steps };
}
