import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type TimeWindow, timeWindow } from './time-window.ts';

/** The number of the step that a time falls into; outside of the window it is below 0, or `steps` and above. */
function stepOf(window: TimeWindow, time: Date): number {
  return Math.floor((time.getTime() - window.from.getTime()) / (window.stepSeconds * 1000));
}

test('a window ends with the step that is going on, and its steps begin at round times', () => {
  const window = timeWindow(15, new Date('2026-05-04T10:15:07Z'));
  expect(window).toEqual({
    from: new Date('2026-05-04T10:00:10Z'),
    to: new Date('2026-05-04T10:15:10Z'),
    stepSeconds: 10,
    steps: 90,
  });
  expect(stepOf(window, new Date('2026-05-04T10:15:07Z'))).toBe(89);
  expect(stepOf(window, new Date('2026-05-04T10:00:09.999Z'))).toBe(-1);
});

test('however long it is, it has as many steps as a chart can show, and now is in the last of them', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 5, max: 1440 }),
      fc.date({ min: new Date('2000-01-01'), max: new Date('2200-01-01'), noInvalidDate: true }),
      (minutes, now) => {
        const window = timeWindow(minutes, now);
        expect(window.steps).toBeGreaterThanOrEqual(30);
        expect(window.steps).toBeLessThanOrEqual(180);
        expect(stepOf(window, now)).toBe(window.steps - 1);
        expect(stepOf(window, window.from)).toBe(0);
        expect(window.from.getTime() % (window.stepSeconds * 1000) === 0).toBe(true);
        expect(now.getTime() - window.from.getTime()).toBeGreaterThan((minutes * 60 - window.stepSeconds) * 1000 - 1);
      },
    ),
  );
});
