import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { writeSecrets } from '../../../k8s/secrets.ts';
import { type KubeObject, workloads } from '../objects.ts';
import { copyTree, renderAll } from '../rendering.ts';
import { makeNetwork } from './bridge.ts';
import { type RunningPod, runPod } from './pod.ts';

export const serviceNames = ['auth', 'product', 'order', 'notification', 'api-gateway'] as const;

/** The pods of the dev overlay, run by this machine's kernel from the very manifests: one of each. */
export type Pods = {
  get(name: string): RunningPod;
  /** Runs a workload of the rendered overlay, or once more under another name. */
  run(workload: string | RegExp, as?: string): Promise<RunningPod>;
  /** Rotates or retires the credentials and renders again; what runs goes on running with what it has. */
  renew(action: 'rotate' | 'retire'): void;
  stop(): Promise<void>;
};

/** `bundles` is a folder of `images/built-services.ts`. */
// Long: the parts of one emulated cluster
export async function runOverlay(bundles: string): Promise<Pods> {
  const tree = copyTree();
  const k8s = path.join(tree.root, 'k8s');
  const folder = mkdtempSync(path.join(tmpdir(), 'tradepost-pods-'));
  const network = makeNetwork();
  const overlay = path.join(k8s, 'overlays/dev');
  let objects: KubeObject[] = renderAll(overlay);
  const pods = new Map<string, RunningPod>();
  // Services stand for themselves: each leads to one pod, whose address it has.
  for (const { kind, metadata } of objects) {
    if (kind === 'Service' && !metadata.name.endsWith('-headless'))
      network.hosts[metadata.name] = network.addressOf(metadata.name);
  }
  network.hosts['rabbitmq.tradepost-dev.svc'] = network.addressOf('rabbitmq');
  network.hosts['rabbitmq-0.rabbitmq-headless.tradepost-dev.svc.cluster.local'] = network.addressOf('rabbitmq');
  const run: Pods['run'] = async (name, as) => {
    const workload = workloads(objects).find((w) => (typeof name === 'string' ? w.name === name : name.test(w.name)));
    if (!workload) throw new Error(`There is no ${name} in the overlay`);
    const pod = await runPod({ network, bundles, folder, objects, workload, name: as ?? workload.name });
    pods.set(pod.name, pod);
    return pod;
  };
  const stop = async () => {
    for (const pod of pods.values()) {
      try {
        pod.container.signal('SIGKILL');
      } catch {
        // It has ended already.
      }
      await pod.container.ended;
    }
    network.remove();
    tree.remove();
    rmSync(folder, { recursive: true, force: true, maxRetries: 10 });
  };
  try {
    await Promise.all([...serviceNames.map((name) => run(`${name}-db`)), run('rabbitmq')]);
    await Promise.all(serviceNames.map((name) => run(new RegExp(`^${name}-db-roles`))));
    for (const name of serviceNames) await run(name);
  } catch (error) {
    await stop();
    throw error;
  }
  return {
    run,
    get(name) {
      const pod = pods.get(name);
      if (!pod) throw new Error(`${name} does not run`);
      return pod;
    },
    renew(action) {
      writeSecrets(k8s, 'dev', action);
      objects = renderAll(overlay);
    },
    stop,
  };
}
