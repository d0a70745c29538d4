import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { cp, mkdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import path from 'node:path';
import { promisify } from 'node:util';
import { build, type Plugin } from 'esbuild';
import { builtWeb } from '../web/build.ts';

const root = path.dirname(import.meta.dirname);

/** What cannot be put into one file of JavaScript lies beside it: machine code, and files that are served as they are. */
const beside: Record<string, readonly string[]> = {
  'api-gateway': ['@fastify/swagger-ui'],
  auth: [
    '@node-rs/argon2',
    `@node-rs/argon2-${process.platform}-${process.arch}${process.platform === 'linux' ? '-gnu' : ''}`,
  ],
};

/** Optional parts of libraries that we do not use: they are asked for only in a way that may fail. */
const unused = [
  ...['pg-native', 'better-sqlite3', 'bun:sqlite', 'mysql2', 'tedious', '@opentelemetry/sdk-logs'],
  // For HTML with indentation, in @react-email/render.
  ...['prettier/standalone', 'prettier/plugins/html'],
];

export type Bundle = { service: string; folder: string; bytes: number };

/**
 * Bundles a service into `dist/<service>`, or a folder of another: src/service.mjs, which loads src/program.mjs by way of cache/
 * (what V8 compiled when it was started before), src/part-*.mjs for what is loaded later or not at all (`import()` in the sources), migrations/,
 * node_modules/ for the few things that must stay files, and in the gateway's web/, the shop. `service.mjs` runs the service; `service.mjs migrate` migrates its database and exits (and so for the
 * other `commands`).
 */
export async function bundle(service: string, into = path.join(root, 'dist')): Promise<Bundle> {
  const folder = path.join(into, service);
  await rm(folder, { recursive: true, force: true });
  await mkdir(path.join(folder, 'src'), { recursive: true });
  const source = path.join(root, 'services', service);
  const external = (beside[service] ?? []).filter((name) => !name.includes('swagger'));
  const { metafile } = await build({
    entryPoints: { program: 'program' },
    outdir: path.join(folder, 'src'),
    outExtension: { '.js': '.mjs' },
    chunkNames: 'part-[hash]',
    splitting: true,
    metafile: true,
    bundle: true,
    platform: 'node',
    target: 'node26',
    format: 'esm',
    // Identifiers stay as they are: libraries look at the names of functions and classes, and stacks are readable without the map. Short ones with `keepNames`
    // would cost a call for each closure that is made: a sixth of the CPU time of a cached read in the gateway.
    minifyWhitespace: true,
    minifySyntax: true,
    sourcemap: 'linked',
    sourcesContent: false,
    legalComments: 'linked',
    external: [...external, ...unused],
    plugins: [
      program(source),
      lightHttp,
      ...neverUsed.map(([name, importedBy]) => without(name, importedBy)),
      onlyPool(service),
    ],
    logLevel: 'error',
    // CommonJS libraries in an ES module.
    banner: {
      js: "import{createRequire as __cr}from'node:module';const require=__cr(import.meta.url),__dirname=import.meta.dirname,__filename=import.meta.filename;",
    },
  });
  await cp(path.join(source, 'migrations'), path.join(folder, 'migrations'), { recursive: true });
  // Otherwise the folder would inherit a type from wherever it is put.
  await writeFile(
    path.join(folder, 'package.json'),
    `${JSON.stringify({ name: service, type: 'module', private: true })}\n`,
  );
  for (const name of beside[service] ?? []) await copyPackage(name, source, folder);
  // The gateway serves the web shop, where WEB_DIR says: /app/web in a container.
  if (service === 'api-gateway') await cp((await builtWeb()).folder, path.join(folder, 'web'), { recursive: true });
  await writeFile(path.join(folder, 'src/service.mjs'), loader);
  // Node.js would keep to a cache that this process was given, and the bundle would get none.
  const { NODE_COMPILE_CACHE: _, ...env } = process.env;
  await promisify(execFile)(process.execPath, [path.join(import.meta.dirname, 'compile-cache.ts'), folder], { env });
  const programs = Object.entries(metafile.outputs).filter(([file]) => file.endsWith('.mjs'));
  return { service, folder, bytes: programs.reduce((sum, [, output]) => sum + output.bytes, 0) };
}

/** What a process begins with: too small to be worth caching itself. */
const loader = `import { enableCompileCache } from 'node:module';
enableCompileCache({ directory: import.meta.dirname + '/../cache', portable: true });
await import('./program.mjs');
`;

/**
 * An ES module that imports node:http has Node.js look at each of its exports, WebSocket included, which loads the whole of its
 * own undici: 40 ms and 5 MB for something that nobody uses. Asked for in this way, it is only what it seems.
 */
const lightHttp: Plugin = {
  name: 'light-http',
  setup(build) {
    build.onResolve({ filter: /^(node:)?http$/ }, () => ({ path: 'http', namespace: 'light' }));
    build.onLoad({ filter: /.*/, namespace: 'light' }, () => ({
      contents: `module.exports = process.getBuiltinModule('node:http');`,
      loader: 'js',
    }));
  },
};

/**
 * What libraries import for something that nobody asks them for. Loaded or not, its source text would stay in memory. In turn: documents in YAML (6 ms of a
 * start), lists of files for routes without a wildcard, validators of Fastify's own (ours are in packages/runtime), requests without a network,
 * logging in a thread, and the HTTP parser that undici is trying out.
 */
const neverUsed: readonly (readonly [name: RegExp, importedBy: string])[] = [
  [/^yaml$/, '/@fastify/swagger/'],
  [/^glob$/, '/@fastify/static/'],
  [/^@fastify\/(?:ajv|fast-json-stringify)-compiler$/, '/fastify/lib/schema-controller'],
  [/^light-my-request$/, '/fastify/fastify'],
  [/^thread-stream$/, '/pino/'],
  [/\/milo\/(?:no-)?simd\.js$/, '/undici/'],
];

const without = (name: RegExp, importedBy: string): Plugin => ({
  name: `without-${name.source}`,
  setup(build) {
    build.onResolve({ filter: name }, ({ path, importer }) =>
      importer.includes(importedBy) ? { path, namespace: 'nothing' } : undefined,
    );
    build.onLoad({ filter: /.*/, namespace: 'nothing' }, () => ({ contents: '', loader: 'js' }));
  },
});

/** Of undici the gateway needs the pool of connections alone. The rest (fetch, WebSocket, mocks, caches) would be half a megabyte more. */
const onlyPool = (service: string): Plugin => ({
  name: 'only-pool',
  setup(build) {
    if (service !== 'api-gateway') return;
    build.onResolve({ filter: /^undici$/ }, () => ({ path: 'undici', namespace: 'only-pool' }));
    // An import of anything else fails the build.
    build.onLoad({ filter: /.*/, namespace: 'only-pool' }, () => ({
      contents: `export { default as Pool } from 'undici/lib/dispatcher/pool.js';`,
      resolveDir: root,
      loader: 'js',
    }));
  },
});

/** Programs of a service beside main.ts, by their command (`service.mjs migrate`). Only `auth` has `grant`. */
const commands = { migrate: 'migrate.ts', grant: 'grant-role.ts' };

/** The program: one of the commands, or else the service itself. */
const program = (source: string): Plugin => ({
  name: 'program',
  setup(build) {
    const there = Object.entries(commands).filter(([, file]) => existsSync(path.join(source, 'src', file)));
    const cases = there.map(
      ([name, file]) => `case '${name}': process.argv.splice(2, 1); await import('./${file}'); break;`,
    );
    const contents = `switch (process.argv[2]) { ${cases.join(' ')} default: await import('./main.ts'); }`;
    build.onResolve({ filter: /^program$/ }, () => ({ path: 'program', namespace: 'program' }));
    build.onLoad({ filter: /.*/, namespace: 'program' }, () => ({
      contents,
      resolveDir: path.join(source, 'src'),
      loader: 'ts',
    }));
  },
});

/** A package without what only its developers need. */
async function copyPackage(name: string, from: string, folder: string): Promise<void> {
  const require = createRequire(path.join(from, 'package.json'));
  const origin = await packageFolder(name, require);
  const kept = /\.(js|cjs|mjs|json|node|css|html|png|svg|ico)$/;
  await cp(origin, path.join(folder, 'node_modules', name), {
    recursive: true,
    filter: async (file) =>
      (await stat(file)).isDirectory()
        ? !/\/(test|tests|examples|types|scripts|\.github)$/.test(file)
        : kept.test(file) && !/config\.m?js$/.test(file),
  });
}

async function packageFolder(name: string, require: NodeJS.Require): Promise<string> {
  for (const base of require.resolve.paths(name) ?? []) {
    const folder = path.join(base, name);
    if (
      await readFile(path.join(folder, 'package.json')).then(
        () => true,
        () => false,
      )
    )
      return folder;
  }
  throw new Error(`${name} is not installed`);
}
