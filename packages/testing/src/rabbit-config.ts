import { mkdir, readdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

export type RabbitConfigOptions = {
  name: string;
  /** Home of the node: of its Erlang cookie, which the nodes of a cluster share, and removed with whoever started it. */
  home: string;
  /** A folder below or equal to `home`, for the node alone. */
  directory: string;
  port: number;
  distPort: number;
  epmdPort: number;
  /** Lines of rabbitmq.conf beyond those that every node gets. */
  settings?: readonly string[];
};

/** Where Debian's `rabbitmq-server` keeps the broker, in a folder that has its version in the name. */
const RABBIT_LIBRARY = '/usr/lib/rabbitmq/lib';

/**
 * Makes a folder with the Erlang applications that the broker consists of, without its plugins, of which no node here enables one. At
 * every start it reads what is in this folder: that costs 5.6 s of CPU without the plugins and 7.6 s with them.
 */
async function linkApplications(folder: string): Promise<void> {
  await mkdir(folder);
  for (const server of await readdir(RABBIT_LIBRARY)) {
    const installed = join(RABBIT_LIBRARY, server, 'plugins');
    const names = await readdir(installed);
    const linked = new Set<string>();
    const link = async (application: string) => {
      const name = names.find((one) => one.replace(/-[\d.]+$/, '') === application);
      // What is not here is part of Erlang.
      if (!name || linked.has(name)) return;
      linked.add(name);
      await symlink(join(installed, name), join(folder, name));
      const description = await readFile(join(installed, name, 'ebin', `${application}.app`), 'utf8');
      const [, needed = ''] = /\{applications,\s*\[([^\]]*)\]/.exec(description) ?? [];
      for (const one of needed.split(',')) await link(one.trim());
    };
    await link('rabbit');
  }
}

/** Writes the broker's configuration, and returns its environment. */
export async function writeRabbitConfig(o: RabbitConfigOptions): Promise<Record<string, string>> {
  const { directory, port } = o;
  await mkdir(join(directory, 'data'), { recursive: true });
  await writeFile(join(directory, 'plugins'), '[].\n');
  await linkApplications(join(directory, 'applications'));
  const settings = [
    `listeners.tcp.1 = 127.0.0.1:${port}`,
    'log.file = false',
    'log.console = true',
    'log.console.level = warning',
    'vm_memory_high_watermark.absolute = 400MB',
    'disk_free_limit.absolute = 10MB',
    // The log of the quorum queues is kept in memory up to this size.
    'raft.wal_max_size_bytes = 16777216',
    ...(o.settings ?? []),
  ];
  await writeFile(join(directory, 'rabbitmq.conf'), `${settings.join('\n')}\n`);
  return {
    PATH: process.env.PATH ?? '/usr/bin:/bin',
    LANG: 'C.UTF-8',
    HOME: o.home,
    ERL_EPMD_PORT: String(o.epmdPort),
    ERL_EPMD_ADDRESS: '127.0.0.1',
    RABBITMQ_NODENAME: o.name,
    RABBITMQ_NODE_PORT: String(port),
    RABBITMQ_DIST_PORT: String(o.distPort),
    RABBITMQ_CONF_ENV_FILE: join(directory, 'no-env.conf'),
    RABBITMQ_CONFIG_FILE: join(directory, 'rabbitmq.conf'),
    RABBITMQ_PLUGINS_DIR: join(directory, 'applications'),
    RABBITMQ_ENABLED_PLUGINS_FILE: join(directory, 'plugins'),
    RABBITMQ_MNESIA_BASE: join(directory, 'data'),
    RABBITMQ_LOG_BASE: directory,
    RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS: '+S 1:1 +SDio 1 +A 2 -kernel inet_dist_use_interface {127,0,0,1}',
    // Makes the script become the Erlang VM, so that signals reach it.
    detached: 'true',
  };
}
