import { existsSync, globSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';

const root = path.join(import.meta.dirname, '..');
const ignored = ['node_modules', 'dist', '.tradepost'];
// The changelog names files as they were then.
const documents = globSync('**/*.md', { cwd: root, exclude: (name) => ignored.includes(path.basename(name)) })
  .filter((file) => file !== 'CHANGELOG.md')
  .sort();
/** What is there for whoever has cloned the project; `node_modules` comes later. */
const folders = new Set(readdirSync(root).filter((name) => !ignored.includes(name)));

/** Files that a guide tells the reader to make. */
const examples = new Set([
  'services/order/src/payments/acme.ts',
  'services/order/migrations/0011_words_with_underscores.sql',
]);

/** Paths from the root of the repository that a document names in backticks: `services/order/src/main.ts`. */
function namedPaths(text: string): string[] {
  const names = [...text.matchAll(/`([\w.@-]+(?:\/[\w.@-]+)+\/?)`/g)].map(([, name = '']) => name);
  return names.filter(
    (name) => folders.has(name.split('/')[0] ?? '') && !examples.has(name) && !name.startsWith('services/wishlist/'),
  );
}

/** Targets of links within the repository, without the heading that they lead to. */
function linkedFiles(text: string): string[] {
  const targets = [...text.matchAll(/\]\(([^)\s]+)\)/g)].map(([, target = '']) => target.split('#')[0] ?? '');
  return targets.filter((target) => target !== '' && !/^[a-z]+:/.test(target));
}

describe.each(documents)('%s', (document) => {
  const text = readFileSync(path.join(root, document), 'utf8');

  it('links to files that exist', () => {
    const folder = path.dirname(path.join(root, document));
    expect(linkedFiles(text).filter((target) => !existsSync(path.join(folder, target)))).toEqual([]);
  });

  it('names files that exist', () => {
    expect(namedPaths(text).filter((name) => !existsSync(path.join(root, name)))).toEqual([]);
  });
});
