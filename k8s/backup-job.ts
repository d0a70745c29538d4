import type { Cluster } from './kubectl.ts';

type Container = { command?: string[]; env?: object[] };
type CronJob = { spec: { jobTemplate: { spec: { template: { spec: { containers: Container[] } } } } } };

/** A Job like the one that backs up, with its image, volumes and place in the network, that runs another script of /scripts. */
export function backupJob(cluster: Cluster, name: string, change: (container: Container) => void): object {
  // as: what a CronJob holds in any cluster.
  const cronJob = JSON.parse(cluster.kubectl('get', 'cronjob', 'backup', '--output', 'json')) as CronJob;
  const { spec } = structuredClone(cronJob.spec.jobTemplate);
  const [container] = spec.template.spec.containers;
  if (!container) throw new Error('The CronJob backup has no container');
  change(container);
  const labels = { 'app.kubernetes.io/name': 'backup', 'app.kubernetes.io/part-of': 'tradepost' };
  const metadata = { name, namespace: cluster.namespace, labels };
  return { apiVersion: 'batch/v1', kind: 'Job', metadata, spec: { ...spec, backoffLimit: 0 } };
}
