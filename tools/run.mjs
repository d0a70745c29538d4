// Runs a file of this repository with the Node.js that it pins, after installing what is missing.
// This is the one file that must run on a machine's own, possibly old, Node.js.
//   node tools/run.mjs <file> [arguments]
import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
const modules = path.join(root, 'node_modules');
const stamp = path.join(modules, '.installed-from');
const pinnedNode = path.join(modules, 'node', 'bin', process.platform === 'win32' ? 'node.exe' : 'node');

/** What an installation depends on: the lock file, and the platform when a folder is shared between machines. */
function wanted() {
  const lock = readFileSync(path.join(root, 'package-lock.json'));
  return `${createHash('sha256').update(lock).digest('hex')} ${process.platform}-${process.arch}`;
}

function installed() {
  if (!existsSync(pinnedNode)) return false;
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted()) return true;
  if (!isComplete()) return false;
  // Whoever installed it, `npm ci` for example: remembered, so that the next start need not compare again.
  writeFileSync(stamp, wanted());
  return true;
}

/**
 * Compares package-lock.json with the list that npm keeps of what it has installed. Packages for other platforms, which npm
 * leaves out, may be missing.
 */
function isComplete() {
  const list = path.join(modules, '.package-lock.json');
  if (!existsSync(list)) return false;
  const packages = (file) => JSON.parse(readFileSync(file, 'utf8')).packages ?? {};
  const present = packages(list);
  return Object.entries(packages(path.join(root, 'package-lock.json'))).every(([folder, wants]) => {
    // Those outside of node_modules are this repository's own.
    if (!folder.includes('node_modules/')) return true;
    const isThere =
      present[folder] !== undefined && present[folder].version === wants.version && existsSync(path.join(root, folder));
    return isThere || mayBeMissing(wants);
  });
}

/** By the rules of npm: a list of names that are allowed, or of names with `!` that are not. */
function allows(names, name) {
  if (names === undefined) return true;
  return names.some((one) => !one.startsWith('!')) ? names.includes(name) : !names.includes(`!${name}`);
}

/** Optional packages are there for one platform each, or come along with such a one. */
function mayBeMissing({ optional, os, cpu, libc }) {
  if (!optional) return false;
  // Which libc there is only npm finds out.
  if (libc !== undefined || (os === undefined && cpu === undefined)) return true;
  return !allows(os, process.platform) || !allows(cpu, process.arch);
}

/**
 * `npm install --no-save`, not `npm ci`: it keeps to the lock file and leaves it alone, but tolerates that a registry
 * mirror lacks an optional package of another platform.
 */
function install() {
  console.error('Installing what is missing (once; about half a minute) …');
  rmSync(stamp, { force: true });
  const npm = process.env.npm_execpath;
  const args = ['install', '--no-save', '--no-audit', '--no-fund', '--loglevel=error'];
  const options = { cwd: root, stdio: ['ignore', 2, 2] };
  const result = npm?.endsWith('.js')
    ? spawnSync(process.execPath, [npm, ...args], options)
    : spawnSync('npm', args, { ...options, shell: process.platform === 'win32' });
  if (result.status !== 0) {
    console.error(
      'The installation failed: see above. Is the npm registry within reach? Then try the same command again.',
    );
    process.exit(1);
  }
  if (!existsSync(pinnedNode)) {
    console.error(
      `npm installed no Node.js for ${process.platform}-${process.arch} (the package \`node\`). If npm was told to skip install scripts, allow them for this folder.`,
    );
    process.exit(1);
  }
  mkdirSync(modules, { recursive: true });
  writeFileSync(stamp, wanted());
}

const [file, ...rest] = process.argv.slice(2);
if (!file) {
  console.error('usage: node tools/run.mjs <file> [arguments]');
  process.exit(2);
}
if (!installed()) install();

const child = spawn(pinnedNode, [path.resolve(root, file), ...rest], { cwd: root, stdio: 'inherit' });
// Ctrl-C reaches the child by itself (same process group); a signal sent to this process alone is passed on.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
child.on('exit', (code, signal) => process.exit(code ?? (signal === 'SIGINT' ? 130 : 143)));
