import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { metricsIn, metricsOfOthers, registeredMetrics } from './metric-names.ts';
import { readObjects, repository } from './rendering.ts';

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
    known = new Set([...registeredMetrics(), ...recorded, ...metricsOfOthers]);
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

  it('states for every alert what it means and what to do', () => {
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
