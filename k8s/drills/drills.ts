import path from 'node:path';
import type { Cluster } from '../kubectl.ts';
import { writeSecrets } from '../secrets.ts';

/** One drill: what it does to the cluster. Whether shoppers noticed is counted elsewhere. */
export type Drill = {
  tells: string;
  without?: 'shoppers';
  /** Throws if the drill cannot be held in this cluster: asked before anything is started. */
  mustBePossible?(cluster: Cluster): void;
  disturb(cluster: Cluster): void | Promise<void>;
};

/** `deployment.apps/order`, and so on. */
const services = (cluster: Cluster): string[] => some(cluster, 'deployments', 'app.kubernetes.io/component=service');
const databases = (cluster: Cluster): string[] => some(cluster, 'statefulsets', 'app.kubernetes.io/component=database');

function some(cluster: Cluster, kind: string, selector: string): string[] {
  const found = cluster.names(kind, selector);
  if (found.length === 0) throw new Error(`There are no ${kind} ${selector} in ${cluster.namespace}`);
  return found;
}

const kill = (cluster: Cluster, pod: string): void => {
  cluster.kubectl('delete', pod, '--grace-period=0', '--force');
};

export const drills: Record<string, Drill> = {
  'rollout-under-load': {
    tells: 'restarts every service, one after another',
    disturb(cluster) {
      for (const service of services(cluster)) {
        cluster.kubectl('rollout', 'restart', service);
        cluster.rolledOut(service);
      }
    },
  },
  'pod-kill': {
    tells: 'kills one pod of each service without warning (two replicas are needed to hide it)',
    disturb(cluster) {
      for (const service of services(cluster)) {
        const [pod = ''] = some(cluster, 'pods', `app.kubernetes.io/name=${service.split('/')[1]}`);
        kill(cluster, pod);
        cluster.rolledOut(service);
      }
    },
  },
  'node-drain': {
    tells: 'drains the node of a gateway pod, and lets it back in (several nodes are needed)',
    mustBePossible(cluster) {
      const nodes = cluster.kubectl('get', 'nodes', '--output', 'name').split('\n').filter(Boolean);
      if (nodes.length < 2) throw new Error('This cluster has one node: there is nowhere to go');
    },
    disturb(cluster) {
      const gateways = ['pods', '--selector', 'app.kubernetes.io/name=api-gateway'];
      const node = cluster.kubectl('get', ...gateways, '--output', 'jsonpath={.items[0].spec.nodeName}');
      const pods = ['--pod-selector', 'app.kubernetes.io/part-of=tradepost'];
      try {
        cluster.kubectl('drain', node, '--ignore-daemonsets', '--delete-emptydir-data', '--timeout=10m', ...pods);
        for (const service of services(cluster)) cluster.rolledOut(service);
      } finally {
        cluster.kubectl('uncordon', node);
      }
    },
  },
  'broker-node-loss': {
    tells: 'kills a node of the broker without warning',
    disturb(cluster) {
      kill(cluster, 'pod/rabbitmq-0');
      cluster.rolledOut('statefulset/rabbitmq');
    },
  },
  'database-restart': {
    tells: "restarts product's database: orders go on being accepted, and are decided afterwards",
    disturb(cluster) {
      cluster.kubectl('rollout', 'restart', 'statefulset/product-db');
      cluster.rolledOut('statefulset/product-db');
    },
  },
  'password-rotation': {
    tells: 'gives every service new logins for its database and the broker, and takes the old ones away',
    disturb(cluster) {
      const k8s = path.dirname(import.meta.dirname);
      const overlay = path.join(k8s, 'overlays', cluster.environment);
      for (const action of ['rotate', 'retire'] as const) {
        const { done, what } = writeSecrets(k8s, cluster.environment, action);
        if (done === 'refused') throw new Error(what.join(' '));
        cluster.kubectl('apply', '--kustomize', path.join(overlay, 'db'));
        for (const database of databases(cluster)) cluster.rolledOut(database);
        const jobs = ['job', '--selector', 'app.kubernetes.io/component=database-roles'];
        cluster.kubectl('wait', '--for=condition=complete', ...jobs, '--timeout=5m');
        cluster.rolledOut('statefulset/rabbitmq');
        cluster.kubectl('apply', '--kustomize', path.join(overlay, 'base'));
        for (const service of services(cluster)) cluster.rolledOut(service);
      }
    },
  },
  restore: {
    tells: 'makes a backup, restores it into a database of its own, and compares every table (component backup)',
    without: 'shoppers',
    mustBePossible(cluster) {
      const cronJobs = cluster.kubectl('get', 'cronjobs', '--output', 'name');
      if (!cronJobs.includes('/restore-check')) throw new Error('The component backup is not switched on here');
    },
    async disturb(cluster) {
      const number = Date.now().toString(36);
      for (const [cronJob, job] of [
        ['backup', `drill-backup-${number}`],
        ['restore-check', `drill-restore-${number}`],
      ] as const) {
        cluster.kubectl('create', 'job', `--from=cronjob/${cronJob}`, job);
        await cluster.finished(job);
      }
    },
  },
};
