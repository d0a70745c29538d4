import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse, stringify } from 'yaml';
import { readObjects, repository } from './rendering.ts';

type Rule = { alert?: string; record?: string; expr: string; annotations?: object };
type Group = { name: string; rules: Rule[] };
type Scenario = { alert_rule_test?: { alertname: string; exp_alerts?: object[] }[] };
type Scenarios = { evaluation_interval: string; tests: Scenario[] };

type File = 'outages' | 'healthy';

/** The rules of components/monitoring, as Prometheus reads them. */
function allGroups(): Group[] {
  const folder = path.join(repository, 'k8s/components/monitoring');
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.yaml'))
    .flatMap((file) => readObjects(readFileSync(path.join(folder, file), 'utf8')))
    .filter(({ kind }) => kind === 'PrometheusRule')
    .flatMap(({ spec }) => {
      // as: the tests of schemas hold every object against the schema of its kind.
      const { groups } = spec as { groups: Group[] };
      return groups;
    });
}

/**
 * What matters in a scenario: the alerts that it names, or all where it names none, and the recording rules that these read. To evaluate
 * all rules in each of them took ten times as long. Without annotations, which promtool would compare as well.
 */
function rulesFor({ alert_rule_test }: Scenario, groups: readonly Group[]): Group[] {
  const all = groups.flatMap(({ rules }) => rules);
  const names = alert_rule_test?.map(({ alertname }) => alertname);
  const kept = new Set(all.filter(({ alert }) => alert !== undefined && (names?.includes(alert) ?? true)));
  // A set that grows is iterated to its new end: recording rules may read others.
  for (const { expr } of kept)
    for (const rule of all) if (rule.record !== undefined && expr.includes(rule.record)) kept.add(rule);
  return groups.map((group) => ({
    ...group,
    rules: group.rules.filter((rule) => kept.has(rule)).map(({ annotations: _, ...rule }) => rule),
  }));
}

const isInstalled = spawnSync('promtool', ['--version']).status === 0;
if (!isInstalled && process.env.CI) throw new Error('promtool is not installed, and the tests of the alerts need it');
if (!isInstalled) console.warn('\n  promtool is not installed: THE ALERTS ARE NOT PLAYED\n');

describe.runIf(isInstalled)('alerts', () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'tradepost-alerts-'));
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  const scenarios = (file: File): Scenarios =>
    parse(readFileSync(path.join(import.meta.dirname, 'alerts', `${file}.yaml`), 'utf8'));
  const expected = ({ alert_rule_test = [] }: Scenario): string[] =>
    alert_rule_test.flatMap(({ alertname, exp_alerts = [] }) => (exp_alerts.length > 0 ? [alertname] : []));
  /** Plays scenarios by these rules, all of a file or those that expect an alert; answers what promtool objects to. */
  const play = (file: File, groups: Group[], alert?: string): string => {
    const { tests, ...rest } = scenarios(file);
    const chosen = tests.filter((scenario) => alert === undefined || expected(scenario).includes(alert));
    const files = chosen.map((scenario, index) => {
      const rules = `rules-${index}.yaml`;
      writeFileSync(path.join(folder, rules), stringify({ groups: rulesFor(scenario, groups) }));
      const test = `test-${index}.yaml`;
      writeFileSync(path.join(folder, test), stringify({ rule_files: [rules], ...rest, tests: [scenario] }));
      return test;
    });
    if (files.length === 0) return '';
    const run = spawnSync('promtool', ['test', 'rules', ...files], { cwd: folder, encoding: 'utf8' });
    return run.status === 0 ? '' : `${run.stdout}${run.stderr}`;
  };
  const alerts = (groups: Group[]) => groups.flatMap(({ rules }) => rules.filter((rule) => rule.alert !== undefined));

  const withoutOtherAlerts = (name: string): Group[] =>
    allGroups().map((group) => ({
      ...group,
      rules: group.rules.filter(({ alert }) => alert === undefined || alert === name),
    }));

  it('are valid, with their templates', () => {
    writeFileSync(path.join(folder, 'all.yaml'), stringify({ groups: allGroups() }));
    const run = spawnSync('promtool', ['check', 'rules', 'all.yaml'], { cwd: folder, encoding: 'utf8' });
    expect(run.status, run.stderr).toBe(0);
  });

  it('fire in the outage that they are for', () => {
    expect(play('outages', allGroups())).toBe('');
  });

  it('are silent in a healthy prod and a healthy dev', () => {
    expect(play('healthy', allGroups())).toBe('');
  });

  it('are all played', () => {
    const played = scenarios('outages').tests.flatMap(expected);
    expect([...new Set(played)].sort()).toEqual(
      alerts(allGroups())
        .map(({ alert }) => alert)
        .sort(),
    );
  });

  it('are missed when they cannot fire', () => {
    const groups = allGroups();
    const names = alerts(groups).map(({ alert }) => alert);
    for (const rule of alerts(groups)) rule.expr = 'vector(0) > 1';
    const missed = new Set([...play('outages', groups).matchAll(/alertname: (\w+)/g)].map(([, name]) => name));
    expect([...missed].sort()).toEqual(names.sort());
  });

  // The expressions that once could not fire, or fired for ever.
  it.each<[string, string, File]>([
    ['TradepostServiceDown', 'count by (namespace, service) (up{job=~".*/services"} == 1) < 1', 'outages'],
    ['TradepostBrokerNodeDown', 'count by (namespace) (rabbitmq_identity_info) < 3', 'outages'],
    ['TradepostBrokerNodeDown', 'count by (namespace) (rabbitmq_identity_info) < 3', 'healthy'],
    [
      'TradepostBackupOverdue',
      'time() - max by (namespace) (kube_cronjob_status_last_successful_time{cronjob="backup"}) > 30 * 3600',
      'outages',
    ],
    [
      'TradepostAutoscalerAtLimit',
      'kube_horizontalpodautoscaler_status_current_replicas >= kube_horizontalpodautoscaler_spec_max_replicas',
      'healthy',
    ],
  ])('%s: the old expression is found out (%s, %s)', (name, expr, scenario) => {
    const groups = withoutOtherAlerts(name);
    for (const rule of alerts(groups)) rule.expr = expr;
    expect(play(scenario, groups, scenario === 'healthy' ? undefined : name)).toContain(name);
  });

  it('on wraparound have their collector switched on, which it is not by default', () => {
    const exporter = readFileSync(path.join(repository, 'k8s/components/monitoring/db/exporter.yaml'), 'utf8');
    expect(exporter).toContain('- --collector.database_wraparound');
  });
});
