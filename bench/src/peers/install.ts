import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { copyFile, cp, mkdir, rename, rm } from 'node:fs/promises';
import path from 'node:path';

const CACHE = path.resolve(import.meta.dirname, '../../../node_modules/.cache/peers');
/** What npm says when the registry does not answer. */
const UNREACHABLE = /E(?:AI_AGAIN|CONNREFUSED|CONNRESET|HOSTUNREACH|NETUNREACH|NOTFOUND|TIMEDOUT|PROXY)\b|network/;
const KEPT_OUTPUT = 4_000;

/** The folder of a peer among the sources: its package.json, its configuration and its programs. */
export const sourceFolderOf = (name: string): string => path.join(import.meta.dirname, name);

/**
 * Installs the pinned packages of a peer into the cache, if they are not there yet, and copies its files beside them. Returns
 * that folder. It is made under another name and then renamed, so that what is there is complete, whoever was interrupted.
 */
export async function installPeer(
  name: string,
  { onProgress, cache = CACHE }: { onProgress: (what: string) => void; cache?: string },
): Promise<string> {
  const source = sourceFolderOf(name);
  const manifest = readFileSync(path.join(source, 'package.json'));
  const version = createHash('sha256').update(manifest).digest('hex').slice(0, 12);
  const folder = path.join(cache, `${name}-${version}`);
  if (!existsSync(folder)) {
    const unfinished = `${folder}.${process.pid}`;
    await rm(unfinished, { recursive: true, force: true });
    await mkdir(unfinished, { recursive: true });
    await copyFile(path.join(source, 'package.json'), path.join(unfinished, 'package.json'));
    onProgress(`installing ${name} from the npm registry, which takes minutes and happens once`);
    try {
      await npmInstall(name, unfinished);
      await rename(unfinished, folder);
    } finally {
      await rm(unfinished, { recursive: true, force: true });
    }
  }
  for (const file of readdirSync(source)) {
    if (file !== 'package.json') await cp(path.join(source, file), path.join(folder, file), { recursive: true });
  }
  return folder;
}

/** The version of a package that is installed there. */
export function installedVersion(folder: string, packageName: string): string {
  return JSON.parse(readFileSync(path.join(folder, 'node_modules', packageName, 'package.json'), 'utf8')).version;
}

/** No script of a package runs: what the shops need is prebuilt. */
const NPM_ARGUMENTS = [
  'install',
  '--ignore-scripts',
  '--no-audit',
  '--no-fund',
  '--no-package-lock',
  '--no-workspaces',
];

async function npmInstall(name: string, folder: string): Promise<void> {
  const child = spawn('npm', NPM_ARGUMENTS, { cwd: folder, stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  const keep = (chunk: Buffer) => {
    output = (output + chunk.toString()).slice(-KEPT_OUTPUT);
  };
  child.stdout.on('data', keep);
  child.stderr.on('data', keep);
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  });
  if (code !== 0) throw new Error(installProblem(name, output));
}

/** What to tell when npm has failed with this output. */
export function installProblem(name: string, output: string): string {
  const what = UNREACHABLE.test(output)
    ? `The npm registry was not reached, so that ${name} could not be installed. --peers needs it once; what is installed stays in node_modules/.cache/peers.`
    : `npm could not install ${name}.`;
  return `${what}\n${output.trim()}`;
}
