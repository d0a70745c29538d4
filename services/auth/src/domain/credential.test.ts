import { describe, expect, test } from 'vitest';
import { readCredential } from './credential.ts';

const cookieName = 'better-auth.session_token';
const token = 'oqgX3D8Pz670TFRl8MkAz5TVQ2fenj0H';
const key = `tpk_${'aB3-_'.repeat(9).slice(0, 43)}`;
const read = (authorization?: string, cookie?: string) => readCredential({ authorization, cookie }, cookieName);

describe('readCredential', () => {
  test.each([
    [`Bearer ${token}`, { kind: 'session', token }],
    [`bearer  ${token} `, { kind: 'session', token }],
    [`Bearer ${token}.Tb+6Wmrz8odk3z1E=`, { kind: 'session', token }],
    [`Bearer ${key}`, { kind: 'api-key', key }],
    ['Bearer aaa.bbb.ccc', { kind: 'jwt', jwt: 'aaa.bbb.ccc' }],
    ['Bearer aaa.bbb.', { kind: 'jwt', jwt: 'aaa.bbb.' }],
    ['Bearer', { kind: 'unknown' }],
    ['Bearer tpk_tooshort', { kind: 'unknown' }],
    ['Basic YWRhOnBhc3N3b3Jk', { kind: 'unknown' }],
    [`Bearer ${token} ${token}`, { kind: 'unknown' }],
    ["Bearer ' or 1=1 --", { kind: 'unknown' }],
    [`Bearer ${'a'.repeat(5000)}`, { kind: 'unknown' }],
    ['', { kind: 'unknown' }],
  ])('%s', (header, expected) => {
    expect(read(header)).toEqual(expected);
  });

  test('takes the cookie when there is no header, and the header when there is one', () => {
    const cookie = `theme=dark; ${cookieName}=value.signature`;
    expect(read(undefined, cookie)).toEqual({ kind: 'cookie', value: 'value.signature' });
    expect(read(`Bearer ${token}`, cookie)).toEqual({ kind: 'session', token });
    expect(read('Basic x', cookie)).toEqual({ kind: 'unknown' });
    expect(read(undefined, 'theme=dark')).toBeUndefined();
    expect(read()).toBeUndefined();
  });
});
