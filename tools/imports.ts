import { readFileSync } from 'node:fs';
import path from 'node:path';
import { cycles, importsOf } from './import-graph.ts';

/** Top folders by rank: a file imports only its own or one of a lower rank. Tests import everything. */
const areaRanks: Record<string, number> = {
  packages: 0,
  services: 1,
  web: 1,
  local: 2,
  images: 2,
  k8s: 3,
  prove: 3,
  tools: 3,
  bench: 4,
};

/** Packages by rank: one imports only those of a lower rank. */
const packageRanks: Record<string, number> = {
  contracts: 0,
  client: 0,
  postgres: 1,
  messaging: 2,
  runtime: 3,
  testing: 4,
};

/**
 * Folders of a service's `src` by rank: a file imports only its own folder or a lower rank. Those of rank 1 talk to something
 * outside: the database, another service, a payment provider, files.
 */
const folderRanks: Record<string, number> = {
  domain: 0,
  ...{ store: 1, upstream: 1, catalogue: 1, payments: 1, taxes: 1, shop: 1, smtp: 1, templates: 1 },
  actions: 2,
  ...{ http: 3, events: 3 },
};
/** `main.ts`, `service.ts`, `config.ts` and the like, which lie in `src` itself. */
const TOP = 4;

/**
 * Folders of `web/src` by rank. `shop`, `account`, `sell` and `control` have one rank, so that none imports another; what
 * lies in `web/src` itself starts the app.
 */
const webRanks: Record<string, number> = { design: 0, api: 1, shop: 2, account: 2, sell: 2, control: 2, app: 3 };

/** The reason to refuse one import of one file, or null. Paths are relative to the repository, with slashes. */
export function importProblem(from: string, to: string): string | null {
  if (isTest(from)) return null;
  const [a, b] = [place(from), place(to)];
  // What is measured in bench/ is started as the tests start it.
  if (isTest(to) && !from.startsWith('bench/')) return `${from} imports a test: ${to}`;
  if (a.area !== b.area && !isTest(to) && areaRank(b.area) >= areaRank(a.area)) {
    return `${from}: ${a.area} imports ${b.area}, which is not below it: ${to}`;
  }
  if (b.area === 'services' && a.area === 'services' && a.name !== b.name) {
    return `${from}: a service imports another: ${to}`;
  }
  if (a.area === 'packages' && b.area === 'packages' && a.name !== b.name && rankOf(b) >= rankOf(a)) {
    return `${from}: ${a.name} imports ${b.name}, which is not below it`;
  }
  if (a.area === 'services' && b.area === 'packages' && b.name === 'testing') {
    return `${from}: only tests import testing`;
  }
  if (a.area === 'web' && (b.area === 'services' || (b.area === 'packages' && !runsInBrowsers(to)))) {
    return `${from}: what runs in a browser imports of packages/ the client and modules of contracts without imports only: ${to}`;
  }
  if (a.area === 'web' && b.area === 'web' && a.folder !== b.folder && webRank(b.folder) >= webRank(a.folder)) {
    return `${from}: ${a.folder || 'src'} imports ${b.folder || 'src'}, which is not below it: ${to}`;
  }
  const sameService = a.area === 'services' && b.area === 'services' && a.name === b.name;
  if (sameService && a.folder !== b.folder && folderRank(b.folder) >= folderRank(a.folder)) {
    return `${from}: ${a.folder || 'src'} imports ${b.folder || 'src'}, which is not below it: ${to}`;
  }
  return null;
}

/** Modules of `contracts` without imports, which add a table or a function to the pages and nothing else. */
const browserModules = ['carriers', 'countries', 'currencies', 'email-address', 'line-worth'].map(
  (name) => `packages/contracts/src/${name}.ts`,
);
const runsInBrowsers = (file: string): boolean => file.startsWith('packages/client/') || browserModules.includes(file);

type ModuleLocation = { area: string; name: string; folder: string };

function place(file: string): ModuleLocation {
  // There is one web, with its folders where a service has them one further down.
  if (file.startsWith('web/src/')) return { ...place(file.replace('web/', 'web/web/')), name: 'web' };
  const [area = '', name = '', , ...inside] = file.split('/');
  return { area, name, folder: inside.length > 1 ? (inside[0] ?? '') : '' };
}

/** The reason to refuse a file for the folder that it is in, or null: every folder has a rank. */
export function folderProblem(file: string): string | null {
  if (isTest(file) || !/\/src\/|^[^/]+\//.test(file)) return null;
  const { area, name, folder } = place(file);
  if (!(area in areaRanks)) return `${file}: the folder ${area} has no rank in tools/imports.ts`;
  if (area === 'packages' && !(name in packageRanks))
    return `${file}: the package ${name} has no rank in tools/imports.ts`;
  const ranks =
    area === 'services' ? folderRanks : area === 'web' && file.startsWith('web/src/') ? webRanks : undefined;
  if (!ranks || folder === '' || folder in ranks) return null;
  return `${file}: the folder ${folder} has no rank in tools/imports.ts`;
}

const areaRank = (area: string): number => areaRanks[area] ?? Number.POSITIVE_INFINITY;
const rankOf = ({ name }: ModuleLocation): number => packageRanks[name] ?? Number.POSITIVE_INFINITY;
const folderRank = (folder: string): number =>
  folder === '' ? TOP : (folderRanks[folder] ?? Number.POSITIVE_INFINITY);
const webRank = (folder: string): number => (folder === '' ? TOP : (webRanks[folder] ?? Number.POSITIVE_INFINITY));
const isTest = (file: string): boolean => /\.test\.tsx?$|^tests\/|\/test\//.test(file);

/** Where an import leads within the repository, or null when it leads out of it. */
export function resolve(from: string, specifier: string): string | null {
  if (specifier.startsWith('.')) return path.posix.join(path.posix.dirname(from), specifier);
  const own = /^@tradepost\/([^/]+)\/(.+)$/.exec(specifier);
  if (!own) return null;
  const [, name = '', file = ''] = own;
  if (name in packageRanks) return `packages/${name}/src/${file}.ts`;
  if (name === 'web') return `web/${file}.ts`;
  return name === 'local' || name === 'prove' ? `${name}/src/${file}.ts` : `services/${name}/src/${file}.ts`;
}

/** The files without a rank, the imports that go up the ladder, and the import cycles. */
export function checkImports(root: string, files: readonly string[]): string[] {
  const problems: string[] = [];
  const graph = new Map<string, string[]>();
  for (const file of files) {
    const targets = importsOf(readFileSync(path.join(root, file), 'utf8')).flatMap((to) => resolve(file, to) ?? []);
    graph.set(file, targets);
    problems.push(
      ...[folderProblem(file), ...targets.map((to) => importProblem(file, to))].filter((one) => one !== null),
    );
  }
  for (const ring of cycles(graph)) problems.push(`an import cycle: ${ring.join(' → ')}`);
  return problems;
}
