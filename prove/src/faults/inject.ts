import { setTimeout as sleep } from 'node:timers/promises';
import type { Instance, ServiceName } from '@tradepost/testing/deployment';
import { type Cluster, untilAllReady } from '../cluster/cluster-harness.ts';
import type { TcpProxy } from '../cluster/tcp-proxy.ts';
import { createRandom, type Random } from '../random.ts';
import { ANSWERS, type ProxyGroup } from './kinds.ts';
import type { PlannedFault } from './plan.ts';

/** What came of a fault, in words: how often, how long. */
export type InjectionResult = { note: string };

/** Lets a fault happen; resolves when all is well again. `signal` shortens the waits of a run that is broken off. */
export async function injectFault(
  cluster: Cluster,
  fault: PlannedFault,
  signal: AbortSignal,
): Promise<InjectionResult> {
  const random = createRandom(fault.seed);
  const pause = (ms: number) => sleep(ms, undefined, { signal }).catch(() => undefined);
  const note = await inject(cluster, fault, random, pause);
  await untilAllReady(cluster.deployment.instances.values());
  return { note };
}

/** How long messages are doubled and reordered. */
const SCRAMBLE_MS = 5000;

type Pause = (ms: number) => Promise<void>;

async function inject(cluster: Cluster, { kind, target }: PlannedFault, random: Random, pause: Pause): Promise<string> {
  switch (kind) {
    case 'kill':
      return restart(instanceOf(cluster, target), 'SIGKILL');
    case 'term':
      return restart(instanceOf(cluster, target), 'SIGTERM');
    case 'pause':
      return standStill(instanceOf(cluster, target), random, pause);
    case 'postgres':
      // as: the targets of this kind are the names of the services.
      await cluster.infrastructure.crashDatabase?.(target as ServiceName);
      return 'recovered';
    case 'broker-node':
      return loseNode(cluster, random, pause);
    case 'broker':
      await Promise.all(cluster.infrastructure.nodes.map((node) => node.halt()));
      await Promise.all(cluster.infrastructure.nodes.map((node) => node.start()));
      return `${cluster.infrastructure.nodes.length} nodes`;
    case 'duplicate': {
      const { events, copies } = await cluster.scrambler.run(SCRAMBLE_MS, random);
      return `${events} messages reordered, ${copies} of them twice`;
    }
    case 'rolling':
      return restartAll(cluster);
    default:
      return disturb(kind, target, cluster, random, pause);
  }
}

const instanceOf = (cluster: Cluster, name: string): Instance => {
  const found = cluster.deployment.instances.get(name);
  if (!found) throw new Error(`There is no instance ${name}`);
  return found;
};

async function restart(instance: Instance, signal: 'SIGKILL' | 'SIGTERM'): Promise<string> {
  const code = await instance.end(signal);
  instance.start();
  await instance.ready();
  if (signal === 'SIGTERM' && code !== 0) throw new Error(`${instance.name} ended with ${code} after SIGTERM`);
  return signal === 'SIGKILL' ? 'killed' : 'ended with 0';
}

async function restartAll(cluster: Cluster): Promise<string> {
  const all = [...cluster.deployment.instances.values()];
  for (const instance of all) await restart(instance, 'SIGTERM');
  return `${all.length} processes`;
}

async function standStill(instance: Instance, random: Random, pause: Pause): Promise<string> {
  const ms = random.int(2000, 4000);
  instance.signal('SIGSTOP');
  await pause(ms);
  instance.signal('SIGCONT');
  return `${(ms / 1000).toFixed(1)} s`;
}

async function loseNode(cluster: Cluster, random: Random, pause: Pause): Promise<string> {
  const node = random.pick(cluster.infrastructure.nodes);
  await node.kill();
  await pause(3000);
  await node.start();
  return `node ${cluster.infrastructure.nodes.indexOf(node) + 1}`;
}

async function disturb(
  kind: 'cut' | 'delay' | 'vanish',
  target: string,
  cluster: Cluster,
  random: Random,
  pause: Pause,
): Promise<string> {
  // as: but for the ending, the targets of these kinds are the names of the groups.
  const proxies: readonly TcpProxy[] = cluster.proxies[target.replace(ANSWERS, '') as ProxyGroup];
  if (kind === 'cut') {
    let count = 0;
    for (let turn = 0; turn < 10; turn++) {
      for (const proxy of proxies) count += proxy.cut();
      await pause(random.int(150, 450));
    }
    return `${count} connections`;
  }
  if (kind === 'delay') {
    const ms = random.int(40, 120);
    for (const proxy of proxies) proxy.delay(ms);
    await pause(5000);
    for (const proxy of proxies) proxy.delay(0);
    return `${ms} ms each way`;
  }
  const ms = random.int(1500, 2500);
  for (const proxy of proxies) proxy.lose(target.endsWith(ANSWERS) ? 'answers' : 'everything');
  await pause(ms);
  for (const proxy of proxies) proxy.lose(undefined);
  return `${(ms / 1000).toFixed(1)} s`;
}
