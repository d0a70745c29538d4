/** Units of a long value: the URL with it still fits into the 16 KiB of all headers. */
const LONG = 5_000;
const longText = (part: string): string =>
  part.repeat(Math.ceil(LONG / encodeURIComponent(part.toWellFormed()).length));
export const hostileTexts = [
  ...['', '0', '-1', '1e999', 'NaN', '%', '\u0000', '..', '__proto__', "' or 1=1 --", '[]', 'null', 'a'.repeat(257)],
  ...[
    'urn:uuid:01980a7e-5b1c-7c3e-9a52-3f4f1c0a9d11',
    '0000-01-01',
    '0000-01-01T00:00:00Z',
    '2026-01-01T00:00:00+23:00',
  ],
  ...['a', '9', '-', 't', ',', ' ', 'a,', '01980a7e-5b1c-7c3e-9a52-3f4f1c0a9d11,'].map(longText),
  ...['e\u0301', 'ب\u200d', '\u{1f468}\u200d', '\u200b', '\u0301\u200b', '\u00ad', '茶'].map(longText),
];
/** What a header may hold, of these: bytes, and no control characters. */
export const hostileHeaders = ['a', '9', ',', '"', 'W/"a",', 'wait=', 'a=b;', ';q=', '\u00e9', '%'].map((part) =>
  part.repeat(LONG / part.length),
);
export const commonHeaders = [
  'accept',
  'accept-language',
  'accept-encoding',
  'authorization',
  'cookie',
  'if-match',
  'if-none-match',
];
export const moreHeaders = [
  'idempotency-key',
  'origin',
  'prefer',
  'range',
  'traceparent',
  'user-agent',
  'x-forwarded-for',
  'x-request-id',
];
