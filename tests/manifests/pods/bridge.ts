import { spawnSync } from 'node:child_process';

/** Where pods live: a bridge with an address each, and their names. */
export type Network = { id: string; addressOf(pod: string): string; hosts: Record<string, string> };

function ip(...args: string[]): void {
  const run = spawnSync('ip', args, { encoding: 'utf8' });
  if (run.status !== 0) throw new Error(`ip ${args.join(' ')}: ${run.stderr}`);
}

/** A network namespace with an address on the bridge; the one of a pod that was there before is used again. */
export function connect(network: Network, pod: string): string {
  const netns = `${network.id}-${pod}`;
  if (spawnSync('ip', ['netns', 'add', netns]).status !== 0) return netns;
  const number = network.addressOf(pod).split('.')[3];
  const [outer, inner] = [`${network.id}v${number}`, `${network.id}e${number}`];
  ip('link', 'add', outer, 'type', 'veth', 'peer', 'name', inner);
  ip('link', 'set', inner, 'netns', netns);
  ip('link', 'set', outer, 'master', network.id, 'up');
  ip('-n', netns, 'link', 'set', inner, 'name', 'eth0');
  ip('-n', netns, 'addr', 'add', `${network.addressOf(pod)}/24`, 'dev', 'eth0');
  ip('-n', netns, 'link', 'set', 'eth0', 'up');
  ip('-n', netns, 'link', 'set', 'lo', 'up');
  return netns;
}

/** A bridge for the pods of one run. */
export function makeNetwork(): Network & { remove(): void } {
  const id = `tp${process.pid % 10_000}`;
  const prefix = `10.${100 + (process.pid % 100)}.${Math.floor(process.pid / 100) % 250}`;
  const numbers = new Map<string, number>();
  ip('link', 'add', id, 'type', 'bridge');
  ip('addr', 'add', `${prefix}.1/24`, 'dev', id);
  ip('link', 'set', id, 'up');
  return {
    id,
    hosts: {},
    addressOf(pod) {
      const number = numbers.get(pod) ?? numbers.size + 10;
      numbers.set(pod, number);
      return `${prefix}.${number}`;
    },
    remove() {
      for (const [pod, number] of numbers) {
        spawnSync('ip', ['netns', 'delete', `${id}-${pod}`]);
        spawnSync('ip', ['link', 'delete', `${id}v${number}`]);
      }
      spawnSync('ip', ['link', 'delete', id]);
    },
  };
}
