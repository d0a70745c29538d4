import { globSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';

const root = path.resolve(import.meta.dirname, '..');
const read = (file: string): string => readFileSync(path.join(root, file), 'utf8');
const PATH = /`((?:bench|docs|k8s|local|packages|prove|services|tests|tools|web)\/[^`]*)`/g;
const pathsIn = (text: string): string[] => [...text.matchAll(PATH)].map(([, found = '']) => found);

test.each(['docs/architecture.md', 'docs/glossary.md', 'README.md', 'SECURITY.md'])(
  'every path in %s exists',
  (file) => {
    expect(pathsIn(read(file)).filter((found) => globSync(found, { cwd: root }).length === 0)).toEqual([]);
  },
);

/** Mechanisms of `docs/architecture.md`, and the term by which somebody who has never seen the code searches for them. */
test.each([
  ['transactional outbox', 'outbox'],
  ['leader election', 'leader.?election'],
  ['dead letters', 'dead.?letter'],
  ['lease of payments and refunds', 'lease'],
  ['batching of statements, coalescing', 'batch'],
  ['single-flight', 'single.?flight'],
  ['circuit breaker', 'circuit.?breaker'],
  ['retry budget', 'retry.?budget'],
  ['LRU cache', 'lru'],
])('the file of the mechanism "%s" has the term %s in its name and at the head of a comment', (mechanism, term) => {
  const row = read('docs/architecture.md')
    .split('\n')
    .find((line) => line.startsWith(`| ${mechanism} `));
  const [file = ''] = pathsIn(row ?? '');
  expect(path.basename(file)).toMatch(new RegExp(term));
  expect(read(file)).toMatch(new RegExp(`^(?:/\\*\\*| \\*) (?:The |An? )?(?:transactional )?${term}`, 'im'));
});
