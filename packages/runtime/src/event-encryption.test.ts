import { expect, test } from 'vitest';
import { eventDecryption, eventEncryption } from './event-encryption.ts';

const [one, two] = ['1'.repeat(32), '2'.repeat(32)] as const;

test('a text is read with the secret that encrypted it, also when it is an earlier one', async () => {
  const jwe = await eventEncryption(one)('ada@example.com');
  expect(jwe).not.toContain('ada');
  expect(await eventDecryption([one])(jwe)).toBe('ada@example.com');
  expect(await eventDecryption([two, one])(jwe)).toBe('ada@example.com');
});

test('the same text looks different each time', async () => {
  const encrypt = eventEncryption(one);
  expect(await encrypt('x')).not.toBe(await encrypt('x'));
});

test('another secret, or a changed text, is refused', async () => {
  const jwe = await eventEncryption(one)('ada@example.com');
  await expect(eventDecryption([two])(jwe)).rejects.toThrow();
  const changed = `${jwe.slice(0, -3)}${jwe.endsWith('AAA') ? 'BBB' : 'AAA'}`;
  await expect(eventDecryption([one])(changed)).rejects.toThrow();
  await expect(eventDecryption([one])('no JWE')).rejects.toThrow();
});
