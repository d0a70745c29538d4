import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { checkSizes } from './sizes.ts';

const statements = (count: number, indent = '  '): string =>
  Array.from({ length: count }, (_, i) => `${indent}console.log(${i});\n`).join('');

describe('sizes', () => {
  let folder: string;
  const check = (text: string): string[] => {
    writeFileSync(path.join(folder, 'a.ts'), text);
    return checkSizes(folder, ['a.ts']);
  };
  beforeAll(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'sizes-'));
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  it('refuses a function of more than 50 lines', () => {
    expect(check(`function a() {\n${statements(48)}}\n`)).toEqual([]);
    expect(check(`\nfunction a() {\n${statements(49)}}\n`)).toEqual([
      'a.ts:2: a function of 51 lines, more than 50, without a reason',
    ]);
    expect(check(`const a = () => {\n${statements(49)}};\n`)).toHaveLength(1);
  });

  it('counts neither blank lines nor comments', () => {
    expect(check(`function a() {\n\n  // why\n  /* why */\n${statements(48)}}\n`)).toEqual([]);
  });

  it('accepts a stated reason, for what is inside, too, and refuses one that is not needed', () => {
    const inside = `  const b = () => {\n${statements(60, '    ')}  };\n`;
    expect(check(`/** A. */\n// Long: a table\nfunction a() {\n${inside}}\n`)).toEqual([]);
    expect(check(`// Long:\nfunction a() {\n${inside}}\n`)).toHaveLength(2);
    expect(check(`// Long: a table\nfunction a() {}\n`)).toEqual(['a.ts:1: a reason for a length that is allowed']);
  });

  it('refuses a file of more than 300 lines without a reason in its first line', () => {
    expect(check(statements(300))).toEqual([]);
    expect(check(statements(301))).toEqual(['a.ts: 301 lines, more than 300, without a reason']);
    expect(check(`// Long: a table\n${statements(300)}`)).toEqual([]);
  });

  it('does not count a describe callback as a function, but a test', () => {
    expect(check(`describe('a', () => {\n${statements(60)}});\n`)).toEqual([]);
    expect(check(`describe.each([])('a', () => {\n${statements(60)}});\n`)).toEqual([]);
    expect(check(`it('a', () => {\n${statements(60)}});\n`)).toHaveLength(1);
  });
});
