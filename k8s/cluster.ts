// `npm run cluster`: Tradepost on a Kubernetes cluster of your own machine.
import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { allServices, buildImage, containerEngine, currentVersion } from '../images/build.ts';
import { writeSecrets } from './secrets.ts';

const HELP = `npm run cluster -- [--delete]

Makes a cluster with kind or k3d (whichever is installed), builds the images and loads them into it, applies
k8s/overlays/dev, waits until all is ready and prints the URL. Run again, it builds and applies what has changed.

  --delete   removes the cluster, with its data
`;

const NAME = 'tradepost';
const NAMESPACE = 'tradepost-dev';

type Tool = {
  context: string;
  exists(): boolean;
  create: string[];
  load(images: string[]): string[];
  delete: string[];
};

const tools: Record<'kind' | 'k3d', Tool> = {
  kind: {
    context: `kind-${NAME}`,
    exists: () => output('kind', ['get', 'clusters']).split('\n').includes(NAME),
    create: ['create', 'cluster', '--name', NAME, '--wait', '120s'],
    load: (images) => ['load', 'docker-image', '--name', NAME, ...images],
    delete: ['delete', 'cluster', '--name', NAME],
  },
  k3d: {
    context: `k3d-${NAME}`,
    exists: () =>
      output('k3d', ['cluster', 'list', '--no-headers'])
        .split('\n')
        .some((line) => line.startsWith(`${NAME} `)),
    create: ['cluster', 'create', NAME, '--wait', '--k3s-arg', '--disable=traefik@server:0'],
    load: (images) => ['image', 'import', '--cluster', NAME, ...images],
    delete: ['cluster', 'delete', NAME],
  },
};

function output(command: string, args: string[]): string {
  return spawnSync(command, args, { encoding: 'utf8' }).stdout ?? '';
}

function run(command: string, args: string[]): void {
  console.log(`\n$ ${command} ${args.join(' ')}`);
  const { status, error } = spawnSync(command, args, { stdio: 'inherit' });
  if (status !== 0) throw new Error(error ? `${command}: ${error.message}` : `${command} failed`);
}

const isInstalled = (command: string, ...args: string[]): boolean =>
  spawnSync(command, args, { stdio: 'ignore' }).status === 0;

function main(args: string[]): number {
  const { values } = parseArgs({
    args,
    options: { delete: { type: 'boolean' }, help: { type: 'boolean', short: 'h' } },
  });
  if (values.help) {
    console.log(HELP);
    return 0;
  }
  const name = isInstalled('kind', 'version') ? 'kind' : isInstalled('k3d', 'version') ? 'k3d' : undefined;
  const engine = containerEngine();
  const missing = [
    ...(name ? [] : ['kind (https://kind.sigs.k8s.io) or k3d (https://k3d.io)']),
    ...(engine ? [] : ['a container engine that answers: docker or podman']),
    ...(isInstalled('kubectl', 'version', '--client') ? [] : ['kubectl']),
  ];
  if (!name || !engine || missing.length > 0) {
    console.error(
      `This needs ${missing.join(', and ')}.\nWithout any of it, \`npm start\` runs the same services on this machine.`,
    );
    return 1;
  }
  const tool = tools[name];
  if (values.delete) {
    run(name, tool.delete);
    return 0;
  }
  if (!tool.exists()) run(name, tool.create);
  const version = currentVersion();
  const images = allServices().map((service) =>
    buildImage(engine, service, { registry: 'ghcr.io/tradepost', version, push: false, platform: undefined }),
  );
  run(name, tool.load(images));
  deploy(path.join(import.meta.dirname, 'overlays/dev'), tool.context);
  return 0;
}

function deploy(overlay: string, context: string): void {
  const secrets = writeSecrets(import.meta.dirname, 'dev', 'make');
  console.log(
    secrets.done === 'refused'
      ? '\nThe secrets are there already.'
      : `\nSecrets ${secrets.done}: ${secrets.what.join(', ')}.`,
  );
  const kubectl = (...args: string[]) => run('kubectl', ['--context', context, ...args]);
  kubectl('apply', '--kustomize', overlay);
  // An image of the same version may hold other code now.
  kubectl('--namespace', NAMESPACE, 'rollout', 'restart', 'deployment');
  for (const set of ['rabbitmq', ...allServices().map((service) => `${service}-db`)]) {
    kubectl('--namespace', NAMESPACE, 'rollout', 'status', `statefulset/${set}`, '--timeout=5m');
  }
  for (const service of allServices())
    kubectl('--namespace', NAMESPACE, 'rollout', 'status', `deployment/${service}`, '--timeout=5m');
  console.log(`
Tradepost runs. To reach it:
  kubectl --context ${context} --namespace ${NAMESPACE} port-forward service/api-gateway 8080:8080
  http://127.0.0.1:8080/docs
To remove it: npm run cluster -- --delete`);
}

if (import.meta.main) {
  try {
    process.exitCode = main(process.argv.slice(2));
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = 1;
  }
}
