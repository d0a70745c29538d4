import { describe, expect, test } from 'vitest';
import { entityTags, ifMatchTags, isNotModified, isPreconditionFailed } from './conditional.ts';

const etag = '"3"';
const lastModified = 'Tue, 24 Nov 2026 10:00:00 GMT';
const before = 'Tue, 24 Nov 2026 09:59:59 GMT';

test('entity tags are read one by one', () => {
  expect(entityTags('*')).toBe('*');
  expect(entityTags('"1"')).toEqual(['"1"']);
  expect(entityTags(' "1" , W/"2",,"a,b",""')).toEqual(['"1"', 'W/"2"', '"a,b"', '""']);
  for (const bad of ['', '3', '"3', '"1" "2"', 'w/"1"', '"1", abc', '*, "1"']) expect(entityTags(bad)).toBeUndefined();
});

test('a list of many tags is read in the time of one pass', () => {
  expect(entityTags('"x",'.repeat(4_000))).toHaveLength(4_000);
});

describe('If-None-Match', () => {
  test.each(['"3"', 'W/"3"', '"1", "3"', '"1",W/"3" ', '*'])('%s names the version', (header) => {
    expect(isNotModified({ 'if-none-match': header }, { etag })).toBe(true);
    expect(isNotModified({ 'if-none-match': header }, { etag: 'W/"3"' })).toBe(true);
  });

  test.each(['"2"', '3', '"3', ''])('%s does not', (header) => {
    expect(isNotModified({ 'if-none-match': header }, { etag })).toBe(false);
  });

  test('comes before If-Modified-Since', () => {
    const headers = { 'if-none-match': '"2"', 'if-modified-since': lastModified };
    expect(isNotModified(headers, { etag, lastModified })).toBe(false);
  });
});

test('If-Modified-Since counts to the second, and only where there is a date', () => {
  expect(isNotModified({ 'if-modified-since': lastModified }, { lastModified })).toBe(true);
  expect(isNotModified({ 'if-modified-since': before }, { lastModified })).toBe(false);
  expect(isNotModified({ 'if-modified-since': 'yesterday' }, { lastModified })).toBe(false);
  expect(isNotModified({ 'if-modified-since': lastModified }, { etag })).toBe(false);
});

describe('If-Match', () => {
  test('compares strongly', () => {
    for (const header of ['"3"', '"1", "3"', '*'])
      expect(isPreconditionFailed({ 'if-match': header }, { etag })).toBe(false);
    for (const header of ['W/"3"', '"2"']) expect(isPreconditionFailed({ 'if-match': header }, { etag })).toBe(true);
    expect(isPreconditionFailed({ 'if-match': '"3"' }, { etag: 'W/"3"' })).toBe(true);
  });

  test('comes before If-Unmodified-Since', () => {
    expect(isPreconditionFailed({ 'if-unmodified-since': before }, { lastModified })).toBe(true);
    expect(isPreconditionFailed({ 'if-unmodified-since': lastModified }, { lastModified })).toBe(false);
    const headers = { 'if-match': '"3"', 'if-unmodified-since': before };
    expect(isPreconditionFailed(headers, { etag, lastModified })).toBe(false);
  });

  test('of a change must be readable', () => {
    expect(ifMatchTags('"3"')).toEqual(['"3"']);
    for (const header of ['3', '', '"3']) expect(() => ifMatchTags(header)).toThrow('ETags');
  });
});
