import { expect, it } from 'vitest';
import { percentOf, requirePpm } from './percentage.ts';

it('reads and writes rates of four decimals exactly', () => {
  for (let ppm = 0; ppm <= 1_000_000; ppm += 7) {
    const percent = Number(`${Math.floor(ppm / 10_000)}.${String(ppm % 10_000).padStart(4, '0')}`);
    if (requirePpm(percent, '/percent') !== ppm || percentOf(ppm) !== percent) expect.fail(`${percent}`);
  }
});

it('refuses more than four decimals', () => {
  for (const percent of [8.87501, 0.00001, 1e-300, 19.000001]) {
    expect(() => requirePpm(percent, '/ratePercent')).toThrow(
      expect.objectContaining({ errors: [{ field: '/ratePercent', message: 'must have at most four decimals' }] }),
    );
  }
});
