// `npm run build`: bundles the services and, where there is a container engine, builds their images.
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { bundle } from './bundle.ts';

const HELP = `npm run build -- [service …] [--registry name] [--version x.y.z] [--push] [--platform list] [--bundle-only]

Bundles each service into dist/<service> and builds its image <registry>/<service>:<version>. Without a container engine
(docker or podman) it stops after the bundles; \`npm run build -- --bundle-only\` never looks for one.

  --registry   ghcr.io/tradepost
  --version    that of package.json
  --platform   linux/amd64,linux/arm64, say: needs docker buildx, and --push
  --push       pushes, with provenance and a list of what is inside (SBOM)
`;

const root = path.dirname(import.meta.dirname);

/** The container engine of this machine, if one answers. */
export function containerEngine(): 'docker' | 'podman' | undefined {
  return (['docker', 'podman'] as const).find((name) => spawnSync(name, ['info'], { stdio: 'ignore' }).status === 0);
}

/** The services that there are. */
export function allServices(): string[] {
  const folder = path.join(root, 'services');
  return readdirSync(folder).filter((name) => existsSync(path.join(folder, name, 'src/main.ts')));
}

/** The version that package.json says. */
export function currentVersion(): string {
  // as: it is ours, and has one.
  return (JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8')) as { version: string }).version;
}

export type ImageOptions = { registry: string; version: string; push: boolean; platform: string | undefined };

/** Builds the image of one service; throws if the engine fails. */
export function buildImage(engine: 'docker' | 'podman', service: string, o: ImageOptions): string {
  const image = `${o.registry}/${service}:${o.version}`;
  const git = spawnSync('git', ['rev-parse', 'HEAD'], { cwd: root, encoding: 'utf8' });
  const revision = git.status === 0 ? git.stdout.trim() : 'unknown';
  const args = [
    ...(engine === 'docker' ? ['buildx', 'build'] : ['build']),
    ...['--file', 'images/Dockerfile', '--tag', image],
    ...[
      '--build-arg',
      `SERVICE=${service}`,
      '--build-arg',
      `VERSION=${o.version}`,
      '--build-arg',
      `REVISION=${revision}`,
    ],
    ...(o.platform ? ['--platform', o.platform] : []),
    ...(o.push ? ['--push', '--provenance=mode=max', '--sbom=true'] : engine === 'docker' ? ['--load'] : []),
    '.',
  ];
  const run = spawnSync(engine, args, { cwd: root, stdio: 'inherit' });
  if (run.status !== 0) throw new Error(`${engine} could not build ${image}`);
  return image;
}

async function main(args: string[]): Promise<number> {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: {
      registry: { type: 'string', default: 'ghcr.io/tradepost' },
      version: { type: 'string', default: currentVersion() },
      platform: { type: 'string' },
      push: { type: 'boolean', default: false },
      'bundle-only': { type: 'boolean', default: false },
      help: { type: 'boolean', short: 'h' },
    },
  });
  const services = positionals.length > 0 ? positionals : allServices();
  const unknown = services.filter((name) => !allServices().includes(name));
  if (values.help || unknown.length > 0) {
    console.log(unknown.length > 0 ? `There is no service ${unknown.join(', ')}.\n\n${HELP}` : HELP);
    return unknown.length > 0 ? 2 : 0;
  }
  const engine = values['bundle-only'] ? undefined : containerEngine();
  for (const service of services) {
    // An image is built from the sources, not from these: the same bytes, whoever builds it, on whichever machine.
    const { bytes, folder } = await bundle(service);
    console.log(`${path.relative(root, folder)}/src/service.mjs  ${(bytes / 1e6).toFixed(2)} MB`);
    if (engine) console.log(buildImage(engine, service, { ...values, platform: values.platform }));
  }
  if (!engine && !values['bundle-only']) {
    console.log(
      'No container engine answers here, so no image was built. The bundles run as they are: node dist/order/src/service.mjs',
    );
  }
  return 0;
}

if (import.meta.main) process.exitCode = await main(process.argv.slice(2));
