import { expect, test } from 'vitest';
import { type Migration, pendingMigrations } from './migration-files.ts';

const file = (name: string, checksum = name): Migration => ({ name, text: '', checksum });

test('what is not applied is pending, in order', () => {
  const files = [file('0001_a.sql'), file('0002_b.sql'), file('0004_c.sql')];
  expect(pendingMigrations(files, [file('0001_a.sql')]).map(({ name }) => name)).toEqual(['0002_b.sql', '0004_c.sql']);
  expect(pendingMigrations(files, files)).toEqual([]);
  expect(pendingMigrations([], [])).toEqual([]);
});

test('edited, missing and late ones are refused by name', () => {
  expect(() => pendingMigrations([file('0001_a.sql', 'x')], [file('0001_a.sql', 'y')])).toThrow(/0001_a.sql .*edited/);
  expect(() => pendingMigrations([], [file('0001_a.sql')])).toThrow(/0001_a.sql .*missing/);
  expect(() => pendingMigrations([file('0001_a.sql'), file('0002_b.sql')], [file('0002_b.sql')])).toThrow(
    /0001_a.sql would come before 0002_b.sql/,
  );
});
