import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { reportOf } from '../src/report.ts';
import { tableOf } from '../src/table.ts';

const folder = path.resolve(import.meta.dirname, '../results');
const files = readdirSync(folder).filter((file) => file.endsWith('.json'));

it.each(files)('%s is a page that loads nothing, and tables', (file) => {
  const results = JSON.parse(readFileSync(path.join(folder, file), 'utf8'));
  const page = reportOf(results);
  expect(page).toContain('</svg>');
  expect(page).not.toMatch(/<script|<link|src=|https?:/);
  for (const text of [page, tableOf(results)]) expect(text).not.toMatch(/NaN|undefined|Infinity/);
});
