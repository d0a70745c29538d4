import { expect, test } from 'vitest';
import { uuidv7, uuidv7Floor } from './uuid.ts';

test('ids sort by the time they were made, and every id lies at or above the floor of its time', () => {
  const floor = uuidv7Floor(new Date());
  const id = uuidv7();
  expect(id >= floor).toBe(true);
  expect(id < uuidv7Floor(new Date(Date.now() + 60_000))).toBe(true);
  expect(uuidv7Floor(new Date(0))).toBe('00000000-0000-7000-8000-000000000000');
});
