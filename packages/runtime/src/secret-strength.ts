import { deflateRawSync } from 'node:zlib';

/** Characters of a secret of its own, and of a password in the URL of a database or a broker. */
const MIN_PASSWORD_LENGTH = 8;

/** Fewer different characters than these are no random text, were it of digits only. */
const MIN_DISTINCT = 6;

/** Without the words of placeholders, so many characters of a secret have to be left, or half of a shorter one. */
const MIN_OWN_CHARACTERS = 8;

/** Words that stand in examples and templates, the longer ones first where one begins with another. */
const PLACEHOLDER_WORDS = [
  ...['iloveyou', 'lorem', 'ipsum', 'dolor', '1234'],
  ...['placeholder', 'characters', 'development', 'production', 'generated', 'generate', 'tradepost', 'insecure'],
  ...[
    'changeit',
    'changeme',
    'password',
    'passphrase',
    'passwort',
    'default',
    'example',
    'replace',
    'testing',
    'minimum',
  ],
  ...['sample', 'secrets', 'secret', 'please', 'random', 'string', 'insert', 'change', 'better', 'strong', 'supers'],
  ...['local', 'super', 'admin', 'guest', 'postgres', 'rabbitmq', 'token', 'value', 'chars', 'tests', 'least', 'dummy'],
  ...[
    'fixme',
    'letmein',
    'welcome',
    'qwertyuiop',
    'qwerty',
    'asdfghjkl',
    'your',
    'auth',
    'pass',
    'prod',
    'test',
    'todo',
  ],
  ...[
    'this',
    'that',
    'with',
    'must',
    'very',
    'long',
    'here',
    'user',
    'root',
    'only',
    'key',
    'jwt',
    'the',
    'for',
    'not',
  ],
  ...['use', 'dev', 'foo', 'bar', 'baz', 'xxx', 'min', 'to', 'be', 'do', 'in', 'me', 'my', 'it', 'of', 'at', 'is'],
];
const PLACEHOLDERS = new RegExp(PLACEHOLDER_WORDS.join('|'), 'g');

/** What is wrong with a secret that anybody could guess; undefined when nothing is seen. */
export function weaknessOf(secret: string): string | undefined {
  if (isRepetition(secret)) return 'repeats a short pattern';
  if (new Set(secret).size < MIN_DISTINCT) return `has fewer than ${MIN_DISTINCT} different characters`;
  if (isSequence(secret)) return 'is a sequence of neighbouring characters';
  if (isTypedAlong(secret)) return 'is a sequence of neighbouring keys';
  const plain = secret.toLowerCase().replace(/[^\p{L}\p{N}]/gu, '');
  const own = plain.replace(PLACEHOLDERS, '');
  if (own.length < Math.min(MIN_OWN_CHARACTERS, plain.length / 2)) return 'is a placeholder';
  if (own.length < plain.length && isRepetition(own)) return 'is a placeholder';
  // Random text does not get smaller; a pattern with a few exceptions does.
  if (deflateRawSync(secret).length < Math.min(secret.length, 32) * 0.6) return 'repeats itself';
  return repeatsParts(secret) ? 'repeats itself' : undefined;
}

/**
 * What is wrong with a password in a URL, or in one of several that are separated by commas. Those of this machine, and
 * those without a password, are not looked at: what lets them in is not the password.
 */
export function weaknessOfUrl(urls: string): string | undefined {
  // pg takes both as parameters, too.
  const [, otherHost] = /[?&]host=([^&#]*)/.exec(urls) ?? [];
  const [, otherPassword = ''] = /[?&]password=([^&#]*)/.exec(urls) ?? [];
  const found = [...urls.matchAll(/\/\/[^/:@,]*:([^/@,]*)@(\[[^\]]*\]|[^/:?,]*)/g), ['', otherPassword, '']];
  for (const [, written = '', host = ''] of found) {
    const password = decoded(written);
    if (password === '' || isLoopback(otherHost ?? host)) continue;
    if (password.length < MIN_PASSWORD_LENGTH) return `has a password of fewer than ${MIN_PASSWORD_LENGTH} characters`;
    const weakness = weaknessOf(password);
    if (weakness) return `has a password that ${weakness}`;
  }
  return undefined;
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '[::1]' || /^127\.\d+\.\d+\.\d+$/.test(host);
}

/** True when a text is one pattern, twice or more, the last time perhaps not whole. */
function isRepetition(text: string): boolean {
  for (let period = 1; period <= text.length / 2; period++) {
    if (text.startsWith(text.slice(period))) return true;
  }
  return false;
}

/**
 * True when nearly every character is the neighbour of the one before (`abcdefgh…`, `87654321`), of an earlier one where several
 * sequences are mixed (`a1b2c3d4…`, `aAbBcC…`), or as far from it as that is from the one before (`acegik…`).
 */
function isSequence(text: string): boolean {
  const isNext = (from: number, to: number) => Math.abs(to - from) <= 1;
  if (isMostly(text, 1, isNext) || isMostly(text, 2, (from, to, before) => to - from === from - before)) return true;
  return (
    text.length >= MIN_MIXED &&
    [2, 3, 4].some((distance) => isMostly(text, distance, (_, to, before) => isNext(before, to)))
  );
}

/** In a shorter text chance may make such a sequence. */
const MIN_MIXED = 16;

type Relation = (previous: number, present: number, before: number) => boolean;

/** Whether three quarters of the characters stand in this relation to the one before them and to that at this distance before. */
function isMostly(text: string, distance: number, isRelated: Relation): boolean {
  let count = 0;
  for (let at = distance; at < text.length; at++) {
    const [previous, present, before] = [text.charCodeAt(at - 1), text.charCodeAt(at), text.charCodeAt(at - distance)];
    if (isRelated(previous, present, before)) count++;
  }
  return count > (text.length - distance) * 0.75;
}

/** The rows of a keyboard, each a little to the right of the one above; those with Shift count as the same keys. */
const KEYS = ['`1234567890-=', ' qwertyuiop[]\\', " asdfghjkl;'", ' zxcvbnm,./'];
const SHIFTED = ['~!@#$%^&*()_+', ' QWERTYUIOP{}|', ' ASDFGHJKL:"', ' ZXCVBNM<>?'];

const places = new Map<string, { x: number; y: number }>();
for (const rows of [KEYS, SHIFTED]) {
  for (const [y, row] of rows.entries()) {
    for (const [at, key] of [...row].entries())
      if (key !== ' ') places.set(key, { x: at + Math.max(0, y - 1) * 0.5, y });
  }
}

/** True when nearly every key is beside the one before: `qwertyuiop`, `1q2w3e4r`. */
function isTypedAlong(text: string): boolean {
  return isMostly(text, 1, (previous, present) => {
    const from = places.get(String.fromCharCode(previous));
    const to = places.get(String.fromCharCode(present));
    return from !== undefined && to !== undefined && Math.abs(from.x - to.x) <= 1 && Math.abs(from.y - to.y) <= 1;
  });
}

/** True when three in ten of all runs of four characters have come before: of random text hardly one does, were it of digits only. */
function repeatsParts(text: string): boolean {
  const runs = Array.from({ length: Math.max(0, text.length - 3) }, (_, at) => text.slice(at, at + 4));
  return runs.length >= MIN_MIXED && new Set(runs).size < runs.length * 0.7;
}
