import { expect, test } from 'vitest';
import { createLruCache } from './lru-cache.ts';

test('the least recently used makes room', () => {
  const gone: string[] = [];
  const map = createLruCache<number>(2, (value, key) => gone.push(`${key} ${value}`));
  map.set('a', 1).set('b', 2);
  map.get('a');
  map.set('c', 3);
  expect([...map.keys()].sort()).toEqual(['a', 'c']);
  expect(map.size).toBe(2);
  map.set('a', 4);
  map.delete('c');
  expect(gone).toEqual(['b 2', 'a 1', 'c 3']);
  for (let n = 0; n < 1000; n++) map.set(`many ${n}`, n);
  expect(map.size).toBe(2);
});
