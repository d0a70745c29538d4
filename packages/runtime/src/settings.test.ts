import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Type } from 'typebox';
import { expect, onTestFinished, test } from 'vitest';
import { commonSettings } from './common-settings.ts';
import { describeSettings, readSettings, SettingsError } from './settings.ts';

const schema = Type.Object({
  PORT: Type.Integer({ minimum: 0, maximum: 65_535, default: 8080, description: 'Where to listen' }),
  RATIO: Type.Number({ minimum: 0, maximum: 1, default: 0.5 }),
  VERBOSE: Type.Boolean({ default: false }),
  MODE: Type.Union([Type.Literal('fast'), Type.Literal('safe')], { default: 'safe' }),
  HOSTS: Type.Array(Type.String({ minLength: 2 }), { default: ['localhost'] }),
  LEVELS: Type.Optional(Type.Array(Type.Integer())),
  API_KEY: Type.String({ minLength: 16 }),
  DATABASE_URL: Type.String({ pattern: '^postgres://', examples: ['postgres://host/name'] }),
  NICKNAME: Type.Optional(Type.String()),
  PEER_URL: Type.Optional(Type.String({ format: 'uri' })),
});
const secrets = { API_KEY: 'x8Kd92mQp1zRw4Ty', DATABASE_URL: 'postgres://u:n3Vq7LsB@h/d' };

function problemsOf(env: Record<string, string>): string {
  try {
    readSettings(schema, env);
  } catch (error) {
    if (error instanceof SettingsError) return error.message;
    throw error;
  }
  throw new Error('They were accepted');
}

test('what is left out has its default, and what is not known is ignored', () => {
  expect(readSettings(schema, { ...secrets, HOME: '/root', NICKNAME: '', PORT: '' })).toEqual({
    PORT: 8080,
    RATIO: 0.5,
    VERBOSE: false,
    MODE: 'safe',
    HOSTS: ['localhost'],
    ...secrets,
  });
});

test('a secret that anybody could guess is refused, and the message does not repeat it', () => {
  const weak = { API_KEY: 'k'.repeat(16), DATABASE_URL: 'postgres://u:password@h/d' };
  const message = problemsOf(weak);
  expect(message).toMatch(/API_KEY repeats a short pattern/);
  expect(message).toMatch(/DATABASE_URL has a password that is a placeholder/);
  expect(message).not.toContain('kkk');
  const several = Type.Object({ OLD_KEYS: Type.Array(Type.String({ minLength: 8 })) });
  const one = 'x8Kd92mQp1zRw4Ty';
  expect(() => readSettings(several, { OLD_KEYS: `${one},${'ab'.repeat(8)}` })).toThrow('OLD_KEYS repeats');
  expect(readSettings(several, { OLD_KEYS: one })).toEqual({ OLD_KEYS: [one] });
});

test('of a JSON object of secrets, each is judged by itself', () => {
  const schema = Type.Object({ CLIENT_SECRETS: Type.String() });
  const one = 'x8Kd92mQp1zRw4Ty';
  const same = JSON.stringify({ google: one, company: one });
  expect(readSettings(schema, { CLIENT_SECRETS: same }).CLIENT_SECRETS).toBe(same);
  const weak = JSON.stringify({ google: one, company: 'ab'.repeat(8) });
  expect(() => readSettings(schema, { CLIENT_SECRETS: weak })).toThrow('CLIENT_SECRETS repeats');
});

test('text becomes what the schema says', () => {
  const env = { ...secrets, PORT: '0', RATIO: '0.25', VERBOSE: 'TRUE', MODE: 'fast', HOSTS: 'ab, cd,', LEVELS: '1,2' };
  expect(readSettings(schema, env)).toMatchObject({
    PORT: 0,
    RATIO: 0.25,
    VERBOSE: true,
    MODE: 'fast',
    HOSTS: ['ab', 'cd'],
    LEVELS: [1, 2],
  });
  expect(readSettings(schema, { ...secrets, VERBOSE: '0' }).VERBOSE).toBe(false);
});

test('all missing or wrong settings are reported at once, with the expected value, and no secret', () => {
  const message = problemsOf({
    PORT: '80.5',
    RATIO: '2',
    VERBOSE: 'perhaps',
    MODE: 'turbo',
    HOSTS: 'ab,c',
    LEVELS: '1,x',
    API_KEY: 'too-short',
    DATABASE_URL: 'mysql://root:hunter2@db',
    PEER_URL: 'next door',
  });
  expect(message.split('\n').slice(0, -1)).toEqual([
    '9 settings are missing or wrong:',
    '  PORT is "80.5", but must be an integer from 0 to 65535 (Where to listen)',
    '  RATIO is "2", but must be a number from 0 to 1',
    '  VERBOSE is "perhaps", but must be true or false',
    '  MODE is "turbo", but must be one of fast, safe',
    '  HOSTS is "ab,c", but must be a list, separated by commas, each text of at least 2 characters',
    '  LEVELS is "1,x", but must be a list, separated by commas, each an integer',
    '  API_KEY must be text of at least 16 characters',
    '  DATABASE_URL must be text like postgres://host/name',
    '  PEER_URL is "next door", but must be a URL',
  ]);
  expect(problemsOf({})).toContain('DATABASE_URL is required: text like postgres://host/name');
});

test.each([
  ['DATABASE_URL', 'postgres://u:x8Kd92mQp1zR%zz@h/d'],
  ['DATABASE_URL', 'postgres://u:x8Kd/92mQp1zR@h/d'],
  ['DATABASE_URL', 'postgres://u:x8Kd#92mQp1zR@h/d'],
  ['DATABASE_URL', 'postgres://u:x8Kd92mQp1zR@h:99999/d'],
  ['PEER_URL', 'http://u:x8Kd92mQp1zR@h:port/'],
])('%s that cannot be read is refused: %s', (name, url) => {
  const message = problemsOf({ ...secrets, [name]: url });
  expect(message).toContain(`${name} `);
  expect(message).toMatch(/must be a URL/);
  expect(message).not.toMatch(/x8Kd|92mQ/);
});

test('the user and password of a URL are not shown, whatever is wrong with it', () => {
  expect(problemsOf({ ...secrets, PEER_URL: 'no url http://u:hunter2@h' })).not.toContain('hunter2');
  for (const url of [
    'postgres:///d?host=/run/postgresql',
    'postgres://u:n3Vq,7LsB@h/d',
    'postgres://u:n3Vq7%2FLsB@[::1]:5432/d',
  ])
    expect(readSettings(schema, { ...secrets, DATABASE_URL: url }).DATABASE_URL).toBe(url);
});

test('a value can come from a file', () => {
  const folder = mkdtempSync(join(tmpdir(), 'tradepost-settings-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  writeFileSync(join(folder, 'key'), `${secrets.API_KEY}\n`);
  const { API_KEY: _, ...rest } = secrets;
  expect(readSettings(schema, { ...rest, API_KEY_FILE: join(folder, 'key') }).API_KEY).toBe(secrets.API_KEY);
  expect(problemsOf({ ...rest, API_KEY_FILE: join(folder, 'none') })).toContain(
    'API_KEY_FILE names a file that cannot be read (ENOENT)',
  );
});

test('the common settings describe themselves', () => {
  const rows = describeSettings(Type.Object(commonSettings));
  const row = (name: string) => rows.find((one) => one.name === name);
  expect(row('PORT')).toMatchObject({
    expected: 'an integer from 0 to 65535',
    default: '8080',
    required: false,
    secret: false,
  });
  expect(row('DATABASE_URL')).toMatchObject({ required: true, secret: true, default: undefined });
  expect(row('OTEL_EXPORTER_OTLP_ENDPOINT')).toMatchObject({ required: false, default: undefined });
  expect(rows.filter(({ description }) => description === '')).toEqual([]);
});
