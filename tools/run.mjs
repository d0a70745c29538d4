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
  return existsSync(stamp) && existsSync(pinnedNode) && readFileSync(stamp, 'utf8') === wanted();
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
