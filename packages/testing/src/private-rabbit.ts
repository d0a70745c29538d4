import { randomBytes } from 'node:crypto';
import { chown, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from './free-port.ts';
import { prepareRabbitNode, type RabbitNode, rabbitAccount } from './rabbit-node.ts';
import { until } from './until.ts';

export { isRabbitInstalled } from './rabbit-node.ts';

/** A RabbitMQ of one's own, with one node. */
export type PrivateRabbit = Pick<RabbitNode, 'start' | 'halt' | 'kill' | 'ctl'> & {
  /** `amqp://guest:guest@127.0.0.1:port`; the same after a restart. */
  url: string;
  /** Ends it and removes its data. */
  stop(): Promise<void>;
};

/** A RabbitMQ of one's own, with several nodes. */
export type PrivateRabbitCluster = {
  nodes: readonly RabbitNode[];
  /** Ends all nodes and removes their data. */
  stop(): Promise<void>;
};

/**
 * Starts a RabbitMQ on loopback, with ports, node name, cookie, home and data of its own; as the user `rabbitmq` when run
 * by root. It takes about three seconds, and ends with this process. `settings` are further lines of rabbitmq.conf.
 */
export async function startPrivateRabbit(settings: readonly string[] = []): Promise<PrivateRabbit> {
  const { nodes, stop } = await startPrivateRabbitCluster(1, settings);
  const [node] = nodes;
  if (!node) throw new Error('A cluster of one node has none');
  const { start, halt, kill, ctl, port } = node;
  return { url: `amqp://guest:guest@127.0.0.1:${port}`, start, halt, kill, ctl, stop };
}

/**
 * Starts as many nodes in the same way and resolves when they are one cluster; three take about ten seconds. `settings` of a node
 * may depend on its port.
 */
export async function startPrivateRabbitCluster(
  size: number,
  settings: readonly string[] | ((port: number) => readonly string[]) = [],
): Promise<PrivateRabbitCluster> {
  const account = await rabbitAccount();
  const home = await mkdtemp(join(tmpdir(), 'tradepost-test-rabbit-'));
  if (account) await chown(home, account.uid, account.gid);
  await writeCookie(home, account);
  const id = randomBytes(4).toString('hex');
  const names = Array.from({ length: size }, (_, n) => `tradepost-${id}-${n + 1}@localhost`);
  const epmdPort = await freePort();
  const nodes: RabbitNode[] = [];
  const stop = async () => {
    await Promise.all(nodes.map((node) => node.kill()));
    await rm(home, { recursive: true, force: true, maxRetries: 10 });
  };
  try {
    for (const name of names) {
      const directory = join(home, name);
      await mkdir(directory);
      const ports = { port: await freePort(), distPort: await freePort(), epmdPort };
      nodes.push(
        await prepareRabbitNode({
          name,
          home,
          directory,
          ...ports,
          settings: [...membership(names), ...(typeof settings === 'function' ? settings(ports.port) : settings)],
          account,
        }),
      );
    }
    await Promise.all(nodes.map((node) => node.start()));
    await untilJoined(nodes);
  } catch (err) {
    await stop();
    throw err;
  }
  return { nodes, stop };
}

/** Source: https://www.rabbitmq.com/docs/cluster-formation#peer-discovery-classic-config */
function membership(names: readonly string[]): string[] {
  if (names.length === 1) return [];
  return [
    'cluster_formation.peer_discovery_backend = classic_config',
    ...names.map((name, n) => `cluster_formation.classic_config.nodes.${n + 1} = ${name}`),
    `cluster_formation.target_cluster_size_hint = ${names.length}`,
  ];
}

/** Nodes that start at the same moment would each make a cookie of their own. */
async function writeCookie(home: string, account: { uid: number; gid: number } | undefined): Promise<void> {
  const path = join(home, '.erlang.cookie');
  await writeFile(path, randomBytes(24).toString('hex'), { mode: 0o400 });
  if (account) await chown(path, account.uid, account.gid);
}

async function untilJoined(nodes: readonly RabbitNode[]): Promise<void> {
  const [first] = nodes;
  if (!first || nodes.length === 1) return;
  await until(
    async () => {
      const status: unknown = JSON.parse(await first.ctl('cluster_status', '--formatter', 'json'));
      const running: unknown = typeof status === 'object' && status ? Reflect.get(status, 'running_nodes') : undefined;
      return Array.isArray(running) && running.length === nodes.length;
    },
    { what: `${nodes.length} nodes of RabbitMQ to join` },
  );
}
