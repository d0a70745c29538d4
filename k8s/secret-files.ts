import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import path from 'node:path';

/** The files of an environment, by part and name: `db/order-db.env`. */
export type Files = Map<string, string>;
type Env = Record<string, string>;

const parts = ['db', 'base'] as const;
export type Part = (typeof parts)[number];

/** The services: the folders of base that use components/service. */
export function servicesOf(root: string): string[] {
  const base = path.join(root, 'base');
  return readdirSync(base)
    .filter((name) => {
      const file = path.join(base, name, 'kustomization.yaml');
      return existsSync(file) && /^components:.*components\/service\b/m.test(readFileSync(file, 'utf8'));
    })
    .sort();
}

/** The name of the folders of files, which is ignored by git. It says what makes it, and so does an error about a missing file. */
export const SECRETS_FOLDER = 'made-by-npm-run-secrets';

/** The folder of the files of one part of an environment. The overlay's `secretGenerator` names each file. */
export function folderOf(root: string, environment: string, part: Part): string {
  return path.join(root, 'overlays', environment, part, SECRETS_FOLDER);
}

export function readFiles(root: string, environment: string): Files {
  const files: Files = new Map();
  for (const part of parts) {
    const folder = folderOf(root, environment, part);
    if (!existsSync(folder)) continue;
    for (const name of readdirSync(folder)) {
      if (!name.startsWith('.')) files.set(`${part}/${name}`, readFileSync(path.join(folder, name), 'utf8'));
    }
  }
  return files;
}

/** Those of db first: should this be interrupted, the services keep what still works. */
export function writeFiles(root: string, environment: string, files: Files): void {
  for (const part of parts) {
    const folder = folderOf(root, environment, part);
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    for (const [name, text] of files) {
      if (!name.startsWith(`${part}/`)) continue;
      const file = path.join(folder, name.slice(part.length + 1));
      writeFileSync(path.join(folder, '.new'), text, { mode: 0o600 });
      renameSync(path.join(folder, '.new'), file);
    }
  }
}

export function readEnv(text = ''): Env {
  const pairs = text.split('\n').filter((line) => line.includes('='));
  return Object.fromEntries(pairs.map((line) => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)]));
}

export function writeEnv(env: Env): string {
  return Object.entries(env)
    .map(([name, value]) => `${name}=${value}\n`)
    .join('');
}
