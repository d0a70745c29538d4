import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { repository } from './rendering.ts';

/** What others expose, and where it is written down. */
export const metricsOfOthers = new Set([
  // Prometheus itself
  'up',
  // kube-state-metrics, docs/metrics
  'kube_pod_container_status_restarts_total',
  'kube_horizontalpodautoscaler_status_current_replicas',
  'kube_horizontalpodautoscaler_spec_max_replicas',
  'kube_horizontalpodautoscaler_spec_min_replicas',
  'kube_cronjob_status_last_successful_time',
  'kube_cronjob_created',
  'kube_deployment_spec_replicas',
  'kube_deployment_status_replicas_available',
  'kube_statefulset_replicas',
  'kube_statefulset_status_replicas_ready',
  // blackbox_exporter
  'probe_success',
  'probe_ssl_earliest_cert_expiry',
  // The kubelet
  'kubelet_volume_stats_available_bytes',
  'kubelet_volume_stats_capacity_bytes',
  // postgres_exporter: its collectors stat_database, stat_activity, database, settings, database_wraparound
  'pg_up',
  'pg_stat_activity_count',
  'pg_settings_max_connections',
  'pg_database_size_bytes',
  'pg_database_wraparound_age_datfrozenxid_seconds',
  'pg_stat_database_xact_commit',
  'pg_stat_database_xact_rollback',
  'pg_stat_database_deadlocks',
  // rabbitmq_prometheus, metrics.md
  'rabbitmq_identity_info',
  'rabbitmq_alarms_memory_used_watermark',
  'rabbitmq_alarms_free_disk_space_watermark',
  'rabbitmq_queue_messages_ready',
  'rabbitmq_global_messages_received_confirm_total',
  'rabbitmq_global_messages_acknowledged_total',
  'rabbitmq_process_resident_memory_bytes',
]);

/** Names of metrics that our code registers; a histogram has three. */
export function registeredMetrics(): Set<string> {
  const names = new Set<string>();
  for (const area of ['packages', 'services']) {
    const sources = readdirSync(path.join(repository, area), { recursive: true, encoding: 'utf8' });
    for (const file of sources.filter((name) => /^[^/]+\/src\/.*\.ts$/.test(name) && !name.endsWith('.test.ts'))) {
      const text = readFileSync(path.join(repository, area, file), 'utf8');
      for (const [, name = ''] of text.matchAll(/['"]((?:tradepost|process|nodejs)_[a-z0-9_]+)['"]/g)) {
        for (const suffix of ['', ...(text.includes('Histogram') ? ['_bucket', '_sum', '_count'] : [])])
          names.add(name + suffix);
      }
    }
  }
  return names;
}

/** The metrics that an expression names, labels and functions left out. */
export function metricsIn(expr: string): string[] {
  const bare = expr
    .replace(/"[^"]*"/g, '')
    .replace(/\{[^}]*\}/g, '')
    .replace(/\boffset \w+/g, '')
    .replace(/\b(by|without|on|ignoring|group_left)\s*\([^)]*\)/g, '')
    .replace(/\[[^\]]*\]/g, '');
  return [...bare.matchAll(/[a-z_:][a-z0-9_:]*(?![a-z0-9_:(])/g)]
    .filter(
      ({ 0: word, index }) => !/[0-9.]/.test(bare[index - 1] ?? '') && !/^\s*\(/.test(bare.slice(index + word.length)),
    )
    .map(([word]) => word)
    .filter((word) => !['and', 'or', 'unless', 'e9', 'bool'].includes(word) && word.length > 1);
}
