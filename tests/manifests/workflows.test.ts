import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { repository } from './rendering.ts';

const folder = path.join(repository, '.github/workflows');

it.each(readdirSync(folder))('%s names each action by its commit, with the version beside it', (file) => {
  const text = readFileSync(path.join(folder, file), 'utf8');
  const uses = [...text.matchAll(/^\s*(?:- )?uses:\s*(.+)$/gm)].map(([, action = '']) => action.trim());
  expect(uses.length).toBeGreaterThan(0);
  // A tag can be moved to another commit by whoever owns the action, or has taken it over.
  for (const action of uses) expect(action).toMatch(/^[\w.-]+\/[\w./-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/);
});
