import { setTimeout as sleep } from 'node:timers/promises';
import type { Instance, ServiceName } from '@tradepost/testing/deployment';
import { createRandom, type Random } from '../random.ts';
import type { Link } from '../world/link.ts';
import { untilAllReady, type World } from '../world/world.ts';
import { ANSWERS, type LinkGroup } from './kinds.ts';
import type { PlannedFault } from './plan.ts';

/** What came of a fault, in words: how often, how long. */
export type Inflicted = { note: string };

/** Lets a fault happen; resolves when all is well again. `signal` shortens the waits of a run that is broken off. */
export async function inflict(world: World, fault: PlannedFault, signal: AbortSignal): Promise<Inflicted> {
  const random = createRandom(fault.seed);
  const pause = (ms: number) => sleep(ms, undefined, { signal }).catch(() => undefined);
  const note = await strike(world, fault, random, pause);
  await untilAllReady(world.deployment.instances.values());
  return { note };
}

/** How long messages are doubled and reordered. */
const TAMPER_MS = 5000;

type Pause = (ms: number) => Promise<void>;

async function strike(world: World, { kind, target }: PlannedFault, random: Random, pause: Pause): Promise<string> {
  switch (kind) {
    case 'kill':
      return restart(instanceOf(world, target), 'SIGKILL');
    case 'term':
      return restart(instanceOf(world, target), 'SIGTERM');
    case 'pause':
      return standStill(instanceOf(world, target), random, pause);
    case 'postgres':
      // as: the targets of this kind are the names of the services.
      await world.ground.crashDatabase?.(target as ServiceName);
      return 'recovered';
    case 'broker-node':
      return loseNode(world, random, pause);
    case 'broker':
      await Promise.all(world.ground.nodes.map((node) => node.halt()));
      await Promise.all(world.ground.nodes.map((node) => node.start()));
      return `${world.ground.nodes.length} nodes`;
    case 'duplicate': {
      const { events, copies } = await world.tamper.run(TAMPER_MS, random);
      return `${events} messages reordered, ${copies} of them twice`;
    }
    case 'rolling':
      return restartAll(world);
    default:
      return disturb(kind, target, world, random, pause);
  }
}

const instanceOf = (world: World, name: string): Instance => {
  const found = world.deployment.instances.get(name);
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

async function restartAll(world: World): Promise<string> {
  const all = [...world.deployment.instances.values()];
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

async function loseNode(world: World, random: Random, pause: Pause): Promise<string> {
  const node = random.pick(world.ground.nodes);
  await node.kill();
  await pause(3000);
  await node.start();
  return `node ${world.ground.nodes.indexOf(node) + 1}`;
}

async function disturb(
  kind: 'cut' | 'delay' | 'vanish',
  target: string,
  world: World,
  random: Random,
  pause: Pause,
): Promise<string> {
  // as: but for the ending, the targets of these kinds are the names of the groups.
  const links: readonly Link[] = world.links[target.replace(ANSWERS, '') as LinkGroup];
  if (kind === 'cut') {
    let count = 0;
    for (let turn = 0; turn < 10; turn++) {
      for (const link of links) count += link.cut();
      await pause(random.int(150, 450));
    }
    return `${count} connections`;
  }
  if (kind === 'delay') {
    const ms = random.int(40, 120);
    for (const link of links) link.delay(ms);
    await pause(5000);
    for (const link of links) link.delay(0);
    return `${ms} ms each way`;
  }
  const ms = random.int(1500, 2500);
  for (const link of links) link.lose(target.endsWith(ANSWERS) ? 'answers' : 'everything');
  await pause(ms);
  for (const link of links) link.lose(undefined);
  return `${(ms / 1000).toFixed(1)} s`;
}
