import { mkdirSync } from 'node:fs';
import path from 'node:path';
import type { IContainer } from 'kubernetes-models/v1';
import { environmentOf } from '../environment.ts';
import { type KubeObject, quantity, type Workload } from '../objects.ts';
import { connect, type Network } from './bridge.ts';
import { type ContainerOptions, type RunningContainer, startContainer } from './container.ts';
import { imageOf } from './images.ts';
import { untilPasses } from './probes.ts';
import { expanded, fieldValues } from './variables.ts';
import { prepareVolume, type Volume } from './volumes.ts';

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

type PodOptions = {
  network: Network;
  /** The bundles of the services, where the pod is one of theirs; see `images/built-services.ts`. */
  bundles?: string;
  folder: string;
  objects: readonly KubeObject[];
  workload: Workload;
};

/** Runs the pod of a workload, as its manifest has it: volumes, init containers one by one, the container, its probes. */
export async function runPod(
  o: PodOptions & {
    /** Another pod of the same workload has another name. */
    name?: string;
  },
): Promise<RunningPod> {
  const { workload, network } = o;
  const name = o.name ?? workload.name;
  const folder = path.join(o.folder, name);
  mkdirSync(folder, { recursive: true });
  const netns = connect(network, name);
  const volumes = volumesOf(o, folder);
  const start = (container: IContainer) =>
    startContainer({ folder, netns, ...containerOptions({ ...o, name }, container, volumes) });
  const spec = workload.template.spec;
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

function volumesOf({ workload, objects }: PodOptions, folder: string): Map<string, Volume> {
  const spec = workload.template.spec;
  const fsGroup = spec?.securityContext?.fsGroup ?? 0;
  const volumes = new Map(
    (spec?.volumes ?? []).map((volume) => [volume.name, prepareVolume(folder, volume, objects, fsGroup)]),
  );
  if (workload.kind === 'StatefulSet')
    volumes.set('data', prepareVolume(folder, { name: 'data', emptyDir: {} }, objects, fsGroup));
  return volumes;
}

/** A container of a pod with this name, as its manifest has it. */
function containerOptions(
  { workload, objects, network, bundles, name }: PodOptions & { name: string },
  container: IContainer,
  volumes: ReadonlyMap<string, Volume>,
): Omit<ContainerOptions, 'folder' | 'netns'> {
  const { runAsUser: uid = 0, runAsGroup: gid = 0, fsGroup } = workload.template.spec?.securityContext ?? {};
  const image = imageOf(container.image ?? '', workload, bundles);
  return {
    name: container.name,
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
  };
}

async function finished(container: RunningContainer, name: string): Promise<void> {
  const code = await container.ended;
  if (code !== 0) throw new Error(`${name} ended with ${code}:\n${container.log().slice(-4000)}`);
}
