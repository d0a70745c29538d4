// `npm run check`: format and lint, types, import directions and cycles, sizes. The same by hand as in CI.
import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { sourceFiles } from './import-graph.ts';
import { checkImports } from './imports.ts';
import { checkSizes } from './sizes.ts';

const root = path.dirname(import.meta.dirname);
/** Files that a program writes. */
const GENERATED = ['packages/client/src/schema.ts'];

const steps: { name: string; run: () => boolean }[] = [
  { name: 'format and lint', run: () => node('@biomejs/biome/bin/biome', 'check', '--error-on-warnings', '.') },
  { name: 'types', run: () => node('typescript/bin/tsc', '-p', '.') },
  { name: 'types of the shop in the browser', run: () => node('typescript/bin/tsc', '-p', 'web') },
  { name: 'imports', run: () => imports() },
  { name: 'sizes', run: () => sizes() },
];

function node(script: string, ...args: string[]): boolean {
  const file = path.join(root, 'node_modules', script);
  return spawnSync(process.execPath, [file, ...args], { cwd: root, stdio: 'inherit' }).status === 0;
}

function report(problems: readonly string[], summary: string): boolean {
  for (const problem of problems) console.error(problem);
  if (problems.length === 0) console.log(summary);
  return problems.length === 0;
}

const imports = (): boolean => {
  const files = sourceFiles(root);
  return report(checkImports(root, files), `${files.length} files: no import up the ladder, no import cycle`);
};

const sizes = (): boolean => {
  const files = sourceFiles(root).filter((file) => !GENERATED.includes(file));
  return report(checkSizes(root, files), `${files.length} files: no long file or function without a reason`);
};

const failed = steps.filter(({ name, run }) => {
  console.log(`\n── ${name}`);
  return !run();
});
console.log(failed.length === 0 ? '\nAll checks passed.' : `\nFailed: ${failed.map((step) => step.name).join(', ')}.`);
process.exit(failed.length === 0 ? 0 : 1);
