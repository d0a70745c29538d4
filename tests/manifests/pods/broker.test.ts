import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { until } from '@tradepost/testing/until';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { workloads } from '../objects.ts';
import { copyTree, kubectlIsThere, renderAll } from '../rendering.ts';
import { makeNetwork } from './bridge.ts';
import { canRunContainers } from './container.ts';
import { type RunningPod, runPod } from './pod.ts';

/** Three nodes of the broker as the prod overlay has them: its configuration, cookie, users, limits and shutdown. */
describe.runIf(kubectlIsThere() && canRunContainers())('the broker of prod', () => {
  const names = ['rabbitmq-0', 'rabbitmq-1', 'rabbitmq-2'];
  const pods = new Map<string, RunningPod>();
  let run: (name: string) => Promise<void>;
  let cleanUp: () => void;
  beforeAll(async () => {
    const tree = copyTree();
    const folder = mkdtempSync(path.join(tmpdir(), 'tradepost-broker-'));
    const network = makeNetwork();
    cleanUp = () => {
      network.remove();
      tree.remove();
      rmSync(folder, { recursive: true, force: true, maxRetries: 10 });
    };
    const objects = renderAll(path.join(tree.root, 'k8s/overlays/prod/db'));
    const workload = workloads(objects).find(({ name }) => name === 'rabbitmq');
    if (!workload) throw new Error('There is no broker');
    for (const name of names) {
      network.hosts[`${name}.rabbitmq-headless.tradepost-prod.svc.cluster.local`] = network.addressOf(name);
    }
    run = async (name) => {
      pods.set(name, await runPod({ network, folder, objects, workload, name }));
    };
    await Promise.all(names.map(run));
  });
  afterAll(async () => {
    for (const { container } of pods.values()) {
      container.signal('SIGKILL');
      await container.ended;
    }
    cleanUp();
  });

  const ctl = (name: string, ...args: string[]): string => {
    const { status, output } = pods.get(name)?.container.exec(['rabbitmqctl', '--quiet', ...args]) ?? {
      status: -1,
      output: 'it does not run',
    };
    expect(status, output).toBe(0);
    return output;
  };
  const running = (): number =>
    JSON.parse(ctl('rabbitmq-1', 'cluster_status', '--formatter', 'json')).running_nodes.length;

  it('finds itself together, with the users of the services and no guest', async () => {
    await until(() => running() === 3, { what: 'three nodes' });
    const users = ctl('rabbitmq-2', 'list_users')
      .trim()
      .split('\n')
      .map((line) => line.split('\t')[0]);
    expect(users).toContain('order-blue');
    expect(users).not.toContain('guest');
    expect(ctl('rabbitmq-0', 'eval', 'vm_memory_monitor:get_total_memory().').trim()).toBe(String(1024 * 1e6));
  });

  it('lets a node go and takes it back', async () => {
    expect(await pods.get('rabbitmq-0')?.stop()).toBe(0);
    expect(running()).toBe(2);
    await run('rabbitmq-0');
    await until(() => running() === 3, { what: 'three nodes' });
  });
});
