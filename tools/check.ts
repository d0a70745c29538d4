// `npm run check`: formatting and lint, types, and the direction of imports. The same by hand as in CI.
import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { checkImports } from './imports.ts';

const root = path.dirname(import.meta.dirname);

const steps: { name: string; run: () => boolean }[] = [
  { name: 'format and lint', run: () => node('@biomejs/biome/bin/biome', 'check', '--error-on-warnings', '.') },
  { name: 'types', run: () => node('typescript/bin/tsc', '-p', '.') },
  { name: 'types of the shop in the browser', run: () => node('typescript/bin/tsc', '-p', 'web') },
  { name: 'imports', run: imports },
];

function node(script: string, ...args: string[]): boolean {
  const file = path.join(root, 'node_modules', script);
  return spawnSync(process.execPath, [file, ...args], { cwd: root, stdio: 'inherit' }).status === 0;
}

function imports(): boolean {
  const { problems, files } = checkImports(root);
  for (const problem of problems) console.error(problem);
  if (problems.length === 0) console.log(`${files} files: no import up the ladder, no cycle`);
  return problems.length === 0;
}

const failed = steps.filter(({ name, run }) => {
  console.log(`\n── ${name}`);
  return !run();
});
console.log(failed.length === 0 ? '\nAll checks passed.' : `\nFailed: ${failed.map((step) => step.name).join(', ')}.`);
process.exit(failed.length === 0 ? 0 : 1);
