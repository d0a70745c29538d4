import { globSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';

const root = path.resolve(import.meta.dirname, '..');

/** Ways to give one test, hook or wait a time limit of its own. */
const ownLimit = [
  /\btimeout: [\d_]+/,
  // The last argument of `test`, `beforeAll` and the like.
  /^\s*\}, [\d_]{4,}\);$/m,
  /\b(?:beforeAll|beforeEach|afterAll|afterEach)\(.*, [\d_]{4,}\);/,
  /\buntil\([^;]*timeoutMs: /,
];

test('no test sets its own time limit: a slow machine would fail it', () => {
  const files = [
    '{bench,local,prove,tests,tools}/**/*.ts',
    '{packages,services}/*/{src,test}/**/*.ts',
    'web/src/**/*.ts',
  ]
    .flatMap((pattern) => globSync(pattern, { cwd: root, exclude: (name) => name.includes('node_modules') }))
    .filter((file) => /\.test\.ts$|\/test\/|^tests\//.test(file));
  expect(files.length).toBeGreaterThan(150);
  const found = files.filter((file) => {
    const text = readFileSync(path.join(root, file), 'utf8');
    return ownLimit.some((limit) => limit.test(text));
  });
  expect(found).toEqual([]);
});
