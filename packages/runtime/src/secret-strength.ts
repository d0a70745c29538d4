import { deflateRawSync } from 'node:zlib';

/** Characters of a secret of its own, and of a password in the URL of a database or a broker. */
const MIN_PASSWORD_LENGTH = 8;

/** Fewer different characters than these are no random text, were it of digits only. */
const MIN_DISTINCT = 6;

/** Without the words of placeholders, so many characters of a secret have to be left, or half of a shorter one. */
const MIN_OWN_CHARACTERS = 8;

/** Words that stand in examples and templates, the longer ones first where one begins with another. */
const PLACEHOLDER_WORDS = [
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
  const plain = secret.toLowerCase().replace(/[^\p{L}\p{N}]/gu, '');
  const own = plain.replace(PLACEHOLDERS, '');
  if (own.length < Math.min(MIN_OWN_CHARACTERS, plain.length / 2)) return 'is a placeholder';
  if (own.length < plain.length && isRepetition(own)) return 'is a placeholder';
  // Random text does not get smaller; a pattern with a few exceptions does.
  if (deflateRawSync(secret).length < Math.min(secret.length, 32) * 0.6) return 'repeats itself';
  return undefined;
}

/**
 * What is wrong with a password in a URL, or in one of several that are separated by commas. Those of this machine, and
 * those without a password, are not looked at: what lets them in is not the password.
 */
export function weaknessOfUrl(urls: string): string | undefined {
  for (const [, password = '', host = ''] of urls.matchAll(/\/\/[^/:@,]*:([^/@,]*)@(\[[^\]]*\]|[^/:?,]*)/g)) {
    if (password === '' || isLoopback(host)) continue;
    if (password.length < MIN_PASSWORD_LENGTH) return `has a password of fewer than ${MIN_PASSWORD_LENGTH} characters`;
    const weakness = weaknessOf(password);
    if (weakness) return `has a password that ${weakness}`;
  }
  return undefined;
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

/** True when nearly every character is the neighbour of the one before: `abcdefgh…`, `87654321`. */
function isSequence(text: string): boolean {
  let steps = 0;
  for (let at = 1; at < text.length; at++) {
    if (Math.abs(text.charCodeAt(at) - text.charCodeAt(at - 1)) <= 1) steps++;
  }
  return steps > (text.length - 1) * 0.75;
}
