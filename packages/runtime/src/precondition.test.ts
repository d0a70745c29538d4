import { describe, expect, it } from 'vitest';
import { etagOf, ifMatch } from './precondition.ts';

describe('If-Match', () => {
  it('names versions, or any', () => {
    expect(ifMatch(undefined)).toBeUndefined();
    expect(ifMatch('*')).toEqual({ anyVersion: true });
    expect(ifMatch(etagOf(3))).toEqual({ versions: new Set([3]) });
    expect(ifMatch('"1", "2"')).toEqual({ versions: new Set([1, 2]) });
  });

  it('never matches by a weak tag or one that is not ours', () => {
    expect(ifMatch('W/"3"')).toEqual({ versions: new Set([0]) });
    expect(ifMatch('"abc", "1e1"')).toEqual({ versions: new Set([0]) });
  });

  it('must hold tags', () => {
    for (const header of ['3', '', '"3', 'abc', '"1" "2"']) expect(() => ifMatch(header)).toThrow('ETags');
  });
});
