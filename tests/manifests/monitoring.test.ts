import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { readObjects, repository } from './rendering.ts';

/** What others expose, and where it is written down. */
const ofOthers = new Set([
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

const folder = path.join(repository, 'k8s/components/monitoring');
type Rule = {
  alert?: string;
  record?: string;
  expr: string;
  annotations?: { runbook_url?: string; summary?: string };
  labels?: { severity?: string };
};
type Panel = { title: string; targets: { expr: string }[] };
type Dashboard = {
  uid: string;
  title: string;
  panels: Panel[];
  templating: { list: { name: string; query: unknown }[] };
};

const files = (parts: string[], ending: string): string[] =>
  readdirSync(path.join(folder, ...parts), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith(ending))
    .map((file) => readFileSync(path.join(folder, ...parts, file), 'utf8'));

/** Names of metrics that our code registers; a histogram has three. */
function registered(): Set<string> {
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
function metricsIn(expr: string): string[] {
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

describe('monitoring', () => {
  let rules: Rule[];
  let dashboards: Dashboard[];
  let known: Set<string>;
  beforeAll(() => {
    rules = files(['.'], '.yaml')
      .flatMap(readObjects)
      .filter(({ kind }) => kind === 'PrometheusRule')
      .flatMap(({ spec }) => (spec as { groups: { rules: Rule[] }[] }).groups.flatMap((group) => group.rules));
    dashboards = files(['.'], '.json').map((text) => JSON.parse(text) as Dashboard);
    const recorded = rules.flatMap(({ record }) => record ?? []);
    known = new Set([...registered(), ...recorded, ...ofOthers]);
  });

  it('reads the names of metrics out of expressions', () => {
    expect(metricsIn('sum by (le) (rate(a_total{x="y_z"}[5m])) / max(b) > 0.5 and c_d > 1e9')).toEqual([
      'a_total',
      'c_d',
    ]);
    expect(metricsIn('histogram_quantile(0.99, sum by (service, le) (rate(tradepost_x_bucket{a="b"}[5m])))')).toEqual([
      'tradepost_x_bucket',
    ]);
  });

  it('alerts on what somebody exposes', () => {
    expect(rules.length).toBeGreaterThan(25);
    for (const { alert, record, expr } of rules) {
      const names = metricsIn(expr);
      expect(names.length, `${alert ?? record}: ${expr}`).toBeGreaterThan(0);
      expect(
        names.filter((name) => !known.has(name)),
        alert ?? record,
      ).toEqual([]);
    }
    expect(known.has('tradepost_outbox_youngest_seconds')).toBe(false);
  });

  it('shows what somebody exposes', () => {
    for (const { title, panels, templating } of dashboards) {
      for (const panel of panels) {
        for (const { expr } of panel.targets) {
          expect(
            metricsIn(expr).filter((name) => !known.has(name)),
            `${title}: ${panel.title}`,
          ).toEqual([]);
        }
      }
      expect(templating.list.map(({ name }) => name)).toContain('namespace');
    }
    const titles = dashboards.flatMap(({ panels }) => panels.map(({ title }) => title)).join(', ');
    for (const wanted of [
      'Traffic',
      'Errors',
      'Latency',
      'Saturation',
      'Orders by state',
      'Outbox age',
      'Queue depth',
      'Reservations',
      'Dead letters',
    ]) {
      expect(titles).toContain(wanted);
    }
  });

  it('tells of every alert what it means and what to do', () => {
    const runbook = readFileSync(path.join(repository, 'docs/runbooks/README.md'), 'utf8');
    const headings = new Set([...runbook.matchAll(/^### (\w+)$/gm)].map(([, name = '']) => name.toLowerCase()));
    const alerts = rules.filter(({ alert }) => alert !== undefined);
    for (const { alert, annotations, labels } of alerts) {
      expect(annotations?.summary, alert).toBeTruthy();
      expect(labels?.severity, alert).toMatch(/^(warning|critical)$/);
      const anchor = annotations?.runbook_url?.split('#')[1] ?? '';
      expect(headings.has(anchor), `${alert} has no entry in the runbook`).toBe(true);
    }
    expect(headings.size).toBe(alerts.length);
  });

  it('alerts on the objective in two windows at once', () => {
    const burns = rules.filter(({ alert }) => alert?.startsWith('TradepostErrorBudget'));
    expect(burns).toHaveLength(4);
    const recorded = new Set(rules.flatMap(({ record }) => record ?? []));
    for (const { expr } of burns) {
      expect(new Set(metricsIn(expr)).size).toBe(2);
      for (const name of metricsIn(expr)) expect(recorded).toContain(name);
    }
  });
});
