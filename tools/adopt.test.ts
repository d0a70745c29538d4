import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { adopt, currentNames } from './adopt.ts';

const repository = path.dirname(import.meta.dirname);
const names = {
  repo: 'https://github.com/acme/bakery.git',
  registry: 'registry.acme.com/bakery',
  host: 'shop.acme.com',
};
let root: string;

const git = (...args: string[]) => spawnSync('git', args, { cwd: root, encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 });

beforeAll(() => {
  root = mkdtempSync(path.join(tmpdir(), 'tradepost-adopt-'));
  const { stdout } = spawnSync('git', ['ls-files', '-z'], {
    cwd: repository,
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
  });
  for (const file of stdout.split('\0').filter((name) => name !== '' && !name.endsWith('.png'))) {
    mkdirSync(path.join(root, path.dirname(file)), { recursive: true });
    cpSync(path.join(repository, file), path.join(root, file));
  }
  git('init', '--quiet');
  git('add', '--all');
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

/** Files that name one of these. */
const naming = (...wanted: string[]): string[] =>
  git(
    'grep',
    '--untracked',
    '--fixed-strings',
    '--word-regexp',
    '--files-with-matches',
    ...wanted.flatMap((name) => ['-e', name]),
  )
    .stdout.split('\n')
    .filter(Boolean);

it('says what names something else, and changes nothing', () => {
  const findings = adopt(root, names, { check: true });
  expect(findings.length).toBeGreaterThan(100);
  expect(findings.map(({ file }) => file)).toEqual(
    expect.arrayContaining([
      'argocd/application-set.yaml',
      'k8s/base/auth/deployment.yaml',
      '.github/workflows/publish.yml',
      'images/bump.ts',
    ]),
  );
  expect(git('diff', '--stat').stdout).toBe('');
});

it('leaves no trace of the old names but in the changelog, and has nothing to do the second time', () => {
  const before = currentNames(root);
  const old = Object.values(before);
  expect(naming(...old).length).toBeGreaterThan(40);
  expect(adopt(root, names, { check: false })).not.toEqual([]);
  expect(naming(...old).filter((file) => file !== 'CHANGELOG.md')).toEqual([]);
  const once = git('diff').stdout;
  expect(adopt(root, names, { check: false })).toEqual([]);
  expect(adopt(root, names, { check: true })).toEqual([]);
  expect(git('diff').stdout).toBe(once);
  const read = (file: string) => readFileSync(path.join(root, file), 'utf8');
  expect(read('argocd/install/root.yaml')).toContain('repoURL: https://github.com/acme/bakery.git,');
  const previews = read('argocd/previews/application-set.yaml');
  expect(previews.match(/repoURL: https:\/\/github\.com\/acme\/bakery\.git$/gm)).toHaveLength(2);
  expect(previews.match(/^ +owner: acme\n +repo: bakery$/gm)).toHaveLength(2);
  expect(previews.match(/"pr-\{\{\.number\}\}\.shop\.acme\.com"/g)).toHaveLength(4);
  expect(read('argocd/previews/render.sh')).toContain('name: registry.acme.com/bakery/$service,');
  expect(read('argocd/previews/projects.yaml')).not.toContain('tradepost/tradepost');
  expect(read('k8s/base/order/deployment.yaml')).toContain('image: registry.acme.com/bakery/order:');
  expect(read('k8s/components/ingress/ingress.yaml')).toContain('- host: shop.acme.com');
});

it('changes to other names later, and knows a name only where it is not a part of a longer word', () => {
  writeFileSync(path.join(root, 'note.md'), 'shop.acme.com workshop.acme.com https://shop.acme.com/ shop.acme.com.\n');
  git('add', 'note.md');
  adopt(root, { ...names, host: 'tea.acme.com' }, { check: false });
  expect(readFileSync(path.join(root, 'note.md'), 'utf8')).toBe(
    'tea.acme.com workshop.acme.com https://tea.acme.com/ tea.acme.com.\n',
  );
  expect(currentNames(root).host).toBe('tea.acme.com');
});
