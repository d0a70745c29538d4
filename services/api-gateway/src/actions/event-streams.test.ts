import { expect, test } from 'vitest';
import { EventStreams } from './event-streams.ts';

test('where changes of accounts may have been missed, the streams of all accounts end, and those of guests go on', () => {
  const streams = new EventStreams({ perOwner: 5, max: 10 });
  const ended: string[] = [];
  const open = (key: string, accountId?: string) => streams.open({ key, accountId });
  open('a', 'a').begin(() => ended.push('a'));
  open('203.0.113.7').begin(() => ended.push('guest'));
  const beginning = open('b', 'b');
  streams.anyAccountChanged();
  beginning.begin(() => ended.push('b'));
  expect(ended).toEqual(['a', 'b']);
});
