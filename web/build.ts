// Builds the shop into web/dist/<hash of what it was built from>.
import { execFile } from 'node:child_process';
import { globSync } from 'node:fs';
import { readFile, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import path from 'node:path';
import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';
import { buildOnce } from './build-once.ts';
import { pageEntries } from './src/app/pages.ts';

/** One page of the shop, as the gateway wants to know it; see `static-site.ts` there. */
export type BuiltPage = {
  /** As Fastify writes it: `/products/:slug`, `/sell/*`. */
  path: string;
  /** What the page needs beside what every page does. */
  scripts: string[];
  styles: string[];
  title?: string;
  indexed: boolean;
  /** Addresses of the API whose answers it begins with. */
  data: readonly string[];
};

export type BuiltWeb = { folder: string; fresh: boolean };

const web = import.meta.dirname;
const sources = ['web/src/**/*', 'web/public/*', 'web/*.{html,ts,json}', 'packages/client/src/*', 'package-lock.json'];

/** The built shop's folder; builds it unless it was built from these very sources. */
export const builtWeb = (): Promise<BuiltWeb> =>
  buildOnce({ builds: path.join(web, 'dist'), sources, build: buildInto });

async function buildInto(folder: string): Promise<void> {
  // A process of its own: whatever this one is (a test, say), the shop is built for production.
  const vite = createRequire(import.meta.url)
    .resolve('vite/package.json')
    .replace('package.json', 'bin/vite.js');
  const args = [vite, 'build', web, '--outDir', folder, '--emptyOutDir', '--logLevel', 'warn'];
  await promisify(execFile)(process.execPath, args, { env: { ...process.env, NODE_ENV: 'production' } });
  const manifest: Manifest = JSON.parse(await readFile(path.join(folder, '.vite/manifest.json'), 'utf8'));
  await rm(path.join(folder, '.vite'), { recursive: true });
  await writeFile(path.join(folder, 'shop.json'), `${JSON.stringify({ pages: describePages(manifest) }, null, 2)}\n`);
  await compressAll(folder);
}

type Chunk = { file: string; css?: string[]; imports?: string[]; isEntry?: boolean };
type Manifest = Record<string, Chunk>;

function describePages(manifest: Manifest): BuiltPage[] {
  const entries = Object.keys(manifest).filter((key) => manifest[key]?.isEntry);
  const everywhere = entries.flatMap((key) => withImports(manifest, key));
  const isShared = (file: string) => everywhere.some((chunk) => chunk.file === file || chunk.css?.includes(file));
  return pageEntries.map(({ path: pattern, file, title, indexed = false, data = [] }) => {
    const chunks = withImports(manifest, `src/${file}`);
    const unshared = (files: string[]) => [...new Set(files)].filter((one) => !isShared(one)).map((one) => `/${one}`);
    return {
      path: pattern.replace('/*?', '/*'),
      scripts: unshared(chunks.map((chunk) => chunk.file)),
      styles: unshared(chunks.flatMap((chunk) => chunk.css ?? [])),
      ...(title !== undefined && { title }),
      indexed,
      data,
    };
  });
}

function withImports(manifest: Manifest, key: string, seen = new Set<string>()): Chunk[] {
  const chunk = manifest[key];
  if (!chunk) throw new Error(`web/src/app/pages.ts names ${key}, of which the build knows nothing`);
  if (seen.has(key)) return [];
  seen.add(key);
  return [chunk, ...(chunk.imports ?? []).flatMap((one) => withImports(manifest, one, seen))];
}

/** Text is compressed here, once and as well as can be, so that serving it costs nothing. */
async function compressAll(folder: string): Promise<void> {
  const files = globSync('**/*.{js,css,svg,txt}', { cwd: folder }).map((file) => path.join(folder, file));
  const brotli = (text: Buffer) =>
    promisify(brotliCompress)(text, { params: { [constants.BROTLI_PARAM_SIZE_HINT]: text.length } });
  await Promise.all(
    files.map(async (file) => {
      const text = await readFile(file);
      await writeFile(`${file}.br`, await brotli(text));
      await writeFile(`${file}.gz`, await promisify(gzip)(text, { level: 9 }));
    }),
  );
}

if (import.meta.main) console.log((await builtWeb()).folder);
