import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readLine, readText } from './text.ts';

const FAMILY = '\u{1f468}\u200d\u{1f469}\u200d\u{1f467}';
const SCOTLAND = '\u{1f3f4}\u{e0067}\u{e0062}\u{e0073}\u{e0063}\u{e0074}\u{e007f}';

describe('a line of text', () => {
  it.each([
    [' 20457 ', '20457'],
    ['\t\r\n Ada \u2028', 'Ada'],
    ['\ufeffBOM', 'BOM'],
    ['\u202aphone\u202c', 'phone'],
    ['Re\u0301sume\u0301', 'Résumé'],
    ['a\u200bb\u00adc\u2060d\ufeffe', 'abcde'],
    ['a\u200db\u200cc', 'abc'],
    ['a\ufe0f\ufe0f\u{e0100}b', 'ab'],
    ['hi\u{e0068}\u{e0069}', 'hi'],
    ['left\u200eto\u200fright', 'lefttoright'],
    ['a\u3164b', 'ab'],
    ['a\u180eᠠ\u180e', 'aᠠ'],
    ['a\ufff9b\ufffac\ufffb', 'abc'],
  ])('%j is read as %j', (text, value) => {
    expect(readLine(text)).toEqual({ value });
  });

  it.each([
    'می\u200cخواهم',
    'क्\u200dष',
    'ශ්\u200dරී',
    FAMILY,
    SCOTLAND,
    '❤\ufe0f',
    '1\ufe0f\u20e3',
    '葛\u{e0100}',
    'שלום\u200f!',
    'ᠠ\u180b',
    'ᠠ\u180f',
    'ᠭ\u180eᠠ',
    'Ἀθῆναι',
    'ไก่จิกเด็กตาย',
    '한국어',
    'Z\u0351\u0352\u0353',
    '½ ™ ² ﬁ',
  ])('%j stays as it is', (text) => {
    expect(readLine(text)).toEqual({ value: text.normalize('NFC') });
  });

  it.each(['', ' ', '\u200b', '\u00a0\u3000', '\u2800', '\u3164', '\u200d', '\ufe0f', '\u0301', '\u202e', '\u{e0041}'])(
    '%j is empty',
    (text) => {
      expect(readLine(text)).toEqual({ value: '' });
    },
  );

  it.each([
    'A\r\nB',
    'A\nB',
    'A\tB',
    'A\u2028B',
    'A\u2029B',
    'A\u0085B',
    'A\u001b[31m',
    'A\u0000',
    'A\u007fB',
    'A\u009bB',
    'A\u202eB',
    'A\u2066B',
    'K\ufffdse',
    'A\ud800',
    '\udc00A',
    'A\uffffB',
    `e${'\u0301'.repeat(31)}`,
    // Once the hidden characters are gone, all the marks stand on one letter.
    `e${'\u0301\u200b'.repeat(31)}`,
  ])('%j is refused', (text) => {
    expect(readLine(text)).toEqual({ message: expect.stringMatching(/^(must|contains)/) });
  });

  it('is the same when it is read again where the normal form takes a character apart', () => {
    // A half note is written as its head and its stem; a variation selector means something after the first form only.
    const reading = readLine('\u{1d15e}\ufe0f');
    expect(reading).toEqual({ value: '\u{1d157}\u{1d165}' });
    expect(readLine('\u{1d157}\u{1d165}')).toEqual(reading);
  });

  it('is the same when it is read again, and never holds what controls or hides', () => {
    const unit = fc.oneof(
      fc.string({ unit: 'binary', minLength: 1, maxLength: 1 }),
      fc.constantFrom(
        '\u200b',
        '\u200d',
        '\ufe0f',
        '\u0301',
        '\u{1f468}',
        ' ',
        'a',
        '\u202e',
        '\u200f',
        'ب',
        '\u{e0067}',
      ),
    );
    fc.assert(
      fc.property(fc.string({ unit, maxLength: 20 }), (text) => {
        const reading = readLine(text);
        if ('message' in reading) return;
        expect(readLine(reading.value)).toEqual(reading);
        expect(reading.value).toBe(reading.value.trim().normalize('NFC'));
        expect(reading.value).not.toMatch(/[\p{Cc}\u2028\u2029\u200b\u202a-\u202e\u2066-\u2069\ufffd]/u);
        expect(reading.value === '' || /[\p{L}\p{N}\p{P}\p{S}]/u.test(reading.value)).toBe(true);
      }),
      { numRuns: 2_000 },
    );
  });
});

describe('a text of several lines', () => {
  it('has one kind of line break, and may have tabs', () => {
    expect(readText('  a\r\nb\rc\u2028d\u0085e\tf\n\n')).toEqual({ value: 'a\nb\nc\nd\ne\tf' });
  });

  it('is refused for the same characters as a line', () => {
    for (const bad of ['\0', '\u001b', '\u000b', '\u202e', '\ufffd', '\ud800']) {
      expect(readText(`a${bad}b`)).toHaveProperty('message');
    }
  });
});

it.each([
  ['marks', (n: number) => `a${'\u0301\u0316\u0327'.repeat(n)}`],
  ['marks with hidden characters between them', (n: number) => `a${'\u0301\u0316\u200b'.repeat(n)}`],
  ['white space', (n: number) => `x${' '.repeat(n)}x${'\n'.repeat(n)}x`],
  ['hidden characters', (n: number) => '\u200b'.repeat(n)],
  ['joiners', (n: number) => '\u{1f468}\u200d'.repeat(n)],
  ['tags', (n: number) => `\u{1f3f4}${'\u{e0067}'.repeat(n)}`],
  ['flags', (n: number) => '\u{1f3f4}\u{e0067}'.repeat(n)],
])('%s take time that grows with their number and no faster', (_what, make) => {
  const cpuOf = (length: number): number => {
    const text = make(length);
    const runs = Array.from({ length: 5 }, () => {
      const before = process.cpuUsage();
      readText(text);
      const { user, system } = process.cpuUsage(before);
      return user + system;
    });
    return Math.min(...runs);
  };
  cpuOf(20_000);
  // Sixteen times as long; the square would be 256 times.
  expect(cpuOf(320_000) / Math.max(cpuOf(20_000), 200)).toBeLessThan(64);
});
