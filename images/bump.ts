// Writes a new version into the overlays; Argo CD does the rest. Used by the publishing workflow:
//   node images/bump.ts dev 1.2.3
//   node images/bump.ts prod 1.2.3 api-gateway=sha256:… auth=sha256:…
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';

/** dev runs the tags that base names. Answers the files that it wrote. */
export function bumpDev(k8s: string, version: string): string[] {
  const base = path.join(k8s, 'base');
  const folders = readdirSync(base)
    .map((name) => path.join(base, name))
    .filter((folder) => existsSync(path.join(folder, 'deployment.yaml')));
  return folders.flatMap((folder) => {
    const deployment = path.join(folder, 'deployment.yaml');
    change(deployment, /(image: \S+\/[a-z-]+):[^\s:@]+$/gm, `$1:${version}`);
    return [deployment, label(path.join(folder, 'kustomization.yaml'), version)];
  });
}

/** What stands for the digest of an image that is not published yet. */
const NO_DIGEST = `sha256:${'0'.repeat(64)}`;
const digestsIn = (k8s: string) => path.join(k8s, 'components/digests/kustomization.yaml');

/** The services of which prod has no image. */
export function unpublished(k8s: string): string[] {
  const entries = readFileSync(digestsIn(k8s), 'utf8').matchAll(/name: \S+\/([a-z-]+),\s*digest: (\S+?),?\s/g);
  return [...entries].flatMap(([, service = '', digest]) => (digest === NO_DIGEST ? [service] : []));
}

/** prod runs digests. A service that is not listed yet is added. */
export function bumpProd(k8s: string, version: string, digests: ReadonlyMap<string, string>): string[] {
  const file = digestsIn(k8s);
  for (const [service, digest] of digests) {
    if (!/^sha256:[0-9a-f]{64}$/.test(digest)) throw new Error(`That is no digest: ${digest}`);
    const line = `  - { name: ghcr.io/tradepost/${service}, digest: ${digest} }`;
    // One line, or several where the formatter has broken it.
    const there = new RegExp(`^ *- \\{\\s*name: ghcr\\.io/tradepost/${service},[^}]*\\}$`, 'm');
    if (!change(file, there, line)) change(file, /^images:$/m, `images:\n${line}`);
  }
  if (unpublished(k8s).length === 0) change(file, /^# What is rendered says so[\s\S]*/m, '');
  return [file, label(path.join(k8s, 'overlays/prod/base/kustomization.yaml'), version)];
}

function label(file: string, version: string): string {
  if (!change(file, /app\.kubernetes\.io\/version: [^\s},]+/, `app.kubernetes.io/version: ${version}`)) {
    throw new Error(`${file} has no label of the version`);
  }
  return file;
}

function change(file: string, pattern: RegExp, replacement: string): boolean {
  const text = readFileSync(file, 'utf8');
  if (text.search(pattern) < 0) return false;
  writeFileSync(file, text.replace(pattern, replacement));
  return true;
}

function main([environment, version, ...pairs]: string[]): number {
  if (!version || !/^\d+\.\d+\.\d+$/.test(version) || (environment !== 'dev' && environment !== 'prod')) {
    console.error('usage: node images/bump.ts dev|prod <version> [service=digest …]');
    return 2;
  }
  const k8s = path.join(path.dirname(import.meta.dirname), 'k8s');
  const digests = new Map(pairs.map((pair): [string, string] => [pair.split('=')[0] ?? '', pair.split('=')[1] ?? '']));
  const files = environment === 'dev' ? bumpDev(k8s, version) : bumpProd(k8s, version, digests);
  console.log(files.join('\n'));
  return 0;
}

if (import.meta.main) process.exitCode = main(process.argv.slice(2));
