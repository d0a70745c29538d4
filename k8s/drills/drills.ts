import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { writeSecrets } from '../secrets.ts';
import type { Cluster } from './cluster.ts';

/** One drill: what it does to the cluster. Whether shoppers noticed is counted elsewhere. */
export type Drill = { tells: string; without?: 'shoppers'; disturb(cluster: Cluster): Promise<void> };

const services = ['api-gateway', 'auth', 'product', 'order'];
const CALM_MS = 10_000;

/** Some calm before and after, so that there is something to compare with, and late effects are counted too. */
const calmly =
  (disturb: (cluster: Cluster) => Promise<void> | void) =>
  async (cluster: Cluster): Promise<void> => {
    await sleep(CALM_MS);
    await disturb(cluster);
    await sleep(CALM_MS);
  };

export const drills: Record<string, Drill> = {
  'rollout-under-load': {
    tells: 'restarts every service, one after another',
    disturb: calmly((cluster) => {
      for (const name of services) {
        cluster.kubectl('rollout', 'restart', `deployment/${name}`);
        cluster.rolledOut(`deployment/${name}`);
      }
    }),
  },
  'pod-kill': {
    tells: 'kills one pod of each service without warning (two replicas are needed to hide it)',
    disturb: calmly((cluster) => {
      for (const name of services) {
        const [pod] = cluster.names('pods', `app.kubernetes.io/name=${name}`);
        if (!pod) throw new Error(`There is no pod of ${name}`);
        cluster.kubectl('delete', pod, '--grace-period=0', '--force', '--wait=false');
        cluster.rolledOut(`deployment/${name}`);
      }
    }),
  },
  'node-drain': {
    tells: 'drains the node of a gateway pod, and lets it back in (several nodes are needed)',
    disturb: calmly((cluster) => {
      const ready = cluster.kubectl('get', 'nodes', '--output', 'name').split('\n').filter(Boolean);
      if (ready.length < 2) throw new Error('This cluster has one node: there is nowhere to go');
      const node = cluster.kubectl(
        'get',
        'pods',
        '--selector',
        'app.kubernetes.io/name=api-gateway',
        '--output',
        'jsonpath={.items[0].spec.nodeName}',
      );
      const pods = ['--pod-selector', 'app.kubernetes.io/part-of=tradepost'];
      try {
        cluster.kubectl('drain', node, '--ignore-daemonsets', '--delete-emptydir-data', '--timeout=10m', ...pods);
        for (const name of services) cluster.rolledOut(`deployment/${name}`);
      } finally {
        cluster.kubectl('uncordon', node);
      }
    }),
  },
  'broker-node-loss': {
    tells: 'kills a node of the broker without warning',
    disturb: calmly((cluster) => {
      cluster.kubectl('delete', 'pod', 'rabbitmq-0', '--grace-period=0', '--force', '--wait=false');
      cluster.rolledOut('statefulset/rabbitmq');
    }),
  },
  'database-restart': {
    tells: "restarts product's database: orders go on being accepted, and are decided afterwards",
    disturb: calmly((cluster) => {
      cluster.kubectl('rollout', 'restart', 'statefulset/product-db');
      cluster.rolledOut('statefulset/product-db');
    }),
  },
  'password-rotation': {
    tells: 'gives every service new logins for its database and the broker, and takes the old ones away',
    disturb: calmly((cluster) => {
      const k8s = path.dirname(import.meta.dirname);
      const overlay = path.join(k8s, 'overlays', cluster.environment);
      const renew = (action: 'rotate' | 'retire') => {
        const { done, what } = writeSecrets(k8s, cluster.environment, action);
        if (done === 'refused') throw new Error(what.join(' '));
        cluster.kubectl('apply', '--kustomize', path.join(overlay, 'db'));
        for (const name of services) cluster.rolledOut(`statefulset/${name}-db`);
        cluster.kubectl(
          'wait',
          '--for=condition=complete',
          'job',
          '--selector',
          'app.kubernetes.io/component=database-roles',
          '--timeout=5m',
        );
        cluster.rolledOut('statefulset/rabbitmq');
      };
      renew('rotate');
      cluster.kubectl('apply', '--kustomize', path.join(overlay, 'base'));
      for (const name of services) cluster.rolledOut(`deployment/${name}`);
      renew('retire');
    }),
  },
  restore: {
    tells: 'makes a backup, restores it into a database of its own, and compares every table (component backup)',
    without: 'shoppers',
    async disturb(cluster) {
      const number = Date.now().toString(36);
      for (const [cronJob, job] of [
        ['backup', `drill-backup-${number}`],
        ['restore-check', `drill-restore-${number}`],
      ] as const) {
        cluster.kubectl('create', 'job', `--from=cronjob/${cronJob}`, job);
        cluster.kubectl('wait', '--for=condition=complete', `job/${job}`, '--timeout=30m');
        console.log(cluster.kubectl('logs', `job/${job}`));
        cluster.kubectl('delete', 'job', job, '--wait=false');
      }
    },
  },
};
