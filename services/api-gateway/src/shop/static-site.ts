import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { extname, join, sep } from 'node:path';
import { type Static, Type } from 'typebox';
import { Value } from 'typebox/value';

/** How a file or page may be encoded on its way. */
export type Encoding = 'br' | 'gzip';

export type ShopFile = {
  type: string;
  etag: string;
  /** Its name changes with its content. */
  immutable: boolean;
  content: Buffer;
  /** Compressed when the shop was built; where that is not smaller than it was, there is none. */
  encoded: Partial<Record<Encoding, Buffer>>;
};

const ShopJson = Type.Object({
  pages: Type.Array(
    Type.Object({
      path: Type.String({ pattern: '^/' }),
      scripts: Type.Array(Type.String()),
      styles: Type.Array(Type.String()),
      title: Type.Optional(Type.String()),
      indexed: Type.Boolean(),
      data: Type.Array(Type.String({ pattern: '^/api/v1/(products|categories)' })),
    }),
  ),
});

/**
 * A page of the shop: an address as Fastify writes it, what it loads beside what every page does, and what it asks the
 * catalogue first (`/api/v1/products/:slug`, with the parameters of its own address).
 */
export type ShopPage = Static<typeof ShopJson>['pages'][number];

export type StaticSite = {
  /** The HTML that all pages begin as. */
  html: string;
  pages: readonly ShopPage[];
  /** By their address: `/assets/index-….js`. */
  files: ReadonlyMap<string, ShopFile>;
};

const types: Readonly<Record<string, string>> = {
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.webp': 'image/webp',
  '.woff2': 'font/woff2',
  '.woff': 'font/woff',
  '.txt': 'text/plain; charset=utf-8',
  '.webmanifest': 'application/manifest+json',
};

const endings: Readonly<Record<string, Encoding>> = { '.br': 'br', '.gz': 'gzip' };

/**
 * Reads a shop as `web/build.ts` makes it: index.html, shop.json (its pages) and files, with their compressed forms beside
 * them. All of it is held in memory, which is less than a megabyte, so that no path of a request ever reaches the disk.
 */
export async function readStaticSite(folder: string): Promise<StaticSite> {
  const names = (await readdir(folder, { recursive: true, withFileTypes: true }))
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length).split(sep).join('/'))
    .map((name) => (name.startsWith('/') ? name : `/${name}`));
  const read = (name: string) => readFile(join(folder, name));
  const files = new Map<string, ShopFile>();
  for (const name of names) {
    const type = types[extname(name)];
    if (type !== undefined) files.set(name, fileOf(name, type, await read(name)));
  }
  for (const name of names) {
    const encoding = endings[extname(name)];
    const file = files.get(name.slice(0, -extname(name).length));
    if (encoding === undefined || file === undefined) continue;
    const content = await read(name);
    if (content.length < file.content.length) file.encoded[encoding] = content;
  }
  const html = (await read('index.html')).toString();
  const { pages } = Value.Parse(ShopJson, JSON.parse((await read('shop.json')).toString()));
  return { html, pages, files };
}

function fileOf(name: string, type: string, content: Buffer): ShopFile {
  const etag = `"${createHash('sha256').update(content).digest('base64url').slice(0, 22)}"`;
  return { type, etag, immutable: name.startsWith('/assets/'), content, encoded: {} };
}
