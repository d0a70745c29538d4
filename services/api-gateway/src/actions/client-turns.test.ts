import { expect, test } from 'vitest';
import { ClientTurns } from './client-turns.ts';

test('one client has one at a time, in order; another client does not wait for it', () => {
  const bodies = new ClientTurns(10);
  const begun: string[] = [];
  const enter = (client: string, name: string) => bodies.enter(client, () => begun.push(name));
  const first = enter('a', 'a1');
  const second = enter('a', 'a2');
  enter('a', 'a3');
  enter('b', 'b1');
  expect(begun).toEqual(['a1', 'b1']);
  first?.end();
  first?.end();
  expect(begun).toEqual(['a1', 'b1', 'a2']);
  second?.end();
  expect(begun).toEqual(['a1', 'b1', 'a2', 'a3']);
});

test('one that leaves while it waits never begins, and one that is the last leaves nothing behind', () => {
  const bodies = new ClientTurns(10);
  const begun: string[] = [];
  const first = bodies.enter('a', () => begun.push('a1'));
  const second = bodies.enter('a', () => begun.push('a2'));
  second?.end();
  first?.end();
  expect(begun).toEqual(['a1']);
  expect(bodies.size).toBe(0);
});

test('only so many of one client wait', () => {
  const bodies = new ClientTurns(1);
  const begin = () => undefined;
  expect(bodies.enter('a', begin)).toBeDefined();
  expect(bodies.enter('a', () => undefined)).toBeDefined();
  expect(bodies.enter('a', () => undefined)).toBeUndefined();
});
