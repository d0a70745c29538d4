import { spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { allowed } from './network.ts';
import { containersOf, type KubeObject, podLabels, workloads } from './objects.ts';
import { danglingReferences } from './references.ts';
import { kubectlIsThere, repository } from './rendering.ts';
import { unknownFields, violations } from './schemas.ts';
import { renderWith } from './with-component.ts';

/** k8s/recover.ts on a kubectl that knows what prod with the archive renders. That recovery works is tested in point-in-time.test.ts. */
describe.runIf(kubectlIsThere())('k8s/recover.ts', () => {
  let objects: KubeObject[];
  let fake: string;
  const write = (name: string, text: string) => writeFileSync(path.join(fake, name), text);
  const read = (name: string) => readFileSync(path.join(fake, name), 'utf8');
  const find = (kind: string, name: string) =>
    objects.find((object) => object.kind === kind && object.metadata.name === name);
  beforeAll(() => {
    objects = renderWith('prod', 'cloudnative-pg/large', 'cloudnative-pg/archive/large');
    fake = mkdtempSync(path.join(tmpdir(), 'tradepost-recover-'));
    const script = [
      '#!/bin/sh',
      'shift 4; printf "%s\\n" "$*" >> "$FAKE/calls"',
      'case "$*" in',
      '"get cronjob backup "*) cat "$FAKE/cronjob" ;;',
      '"get cluster order-db "*) cat "$FAKE/cluster" ;;',
      '"get job "*) echo "SuccessCriteriaMet Complete" ;;',
      '"create --filename -") cat > "$FAKE/recovered" ;;',
      '"apply --filename -") cat > "$FAKE/job" ;;',
      'esac',
    ];
    write('kubectl', `${script.join('\n')}\n`);
    chmodSync(path.join(fake, 'kubectl'), 0o755);
    write('cronjob', JSON.stringify(find('CronJob', 'backup')));
  });
  afterAll(() => rmSync(fake, { recursive: true }));
  beforeEach(() => {
    write('calls', '');
    write('cluster', JSON.stringify(find('Cluster', 'order-db')));
  });

  const run = (...args: string[]) =>
    spawnSync(process.execPath, [path.join(repository, 'k8s/recover.ts'), ...args], {
      encoding: 'utf8',
      env: { PATH: `${fake}:${process.env.PATH}`, FAKE: fake },
    });
  const recover = (to: string) => run('order', '--context', 'c', '--namespace', 'tradepost-prod', '--to', to);
  const calls = () =>
    read('calls')
      .trim()
      .split('\n')
      .map((call) => call.replace(/dump-order-db-recovered-\w+/, 'JOB'))
      .filter((call) => !call.startsWith('get '));

  it('archives what there is, makes a second cluster, waits for it, and dumps it', async () => {
    const { status, stdout, stderr } = recover('2026-11-29T08:00:00Z');
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    expect(calls()).toEqual([
      'exec service/order-db-rw --container postgres -- psql -qtAXc select pg_switch_wal()',
      'create --filename -',
      'wait --for=condition=Ready cluster/order-db-recovered --timeout=2h',
      'apply --filename -',
      'logs job/JOB',
      'delete job JOB --wait=false',
    ]);
    expect(stdout).toContain('--from recovered/order-db-recovered');
    const cluster: KubeObject = JSON.parse(read('recovered'));
    expect(await violations([cluster])).toEqual([]);
    expect(unknownFields([cluster])).toEqual([]);
    expect(danglingReferences([...objects, cluster]).filter((problem) => problem.includes('recovered'))).toEqual([]);
    expect(cluster.spec).toMatchObject({
      instances: 1,
      bootstrap: { recovery: { source: 'archive', recoveryTarget: { targetTime: '2026-11-29T08:00:00Z' } } },
      externalClusters: [{ plugin: { parameters: { barmanObjectName: 'archive', serverName: 'order-db' } } }],
      storage: { size: '20Gi' },
    });
    // It must not write into the archive that it comes from.
    expect(cluster.spec).not.toHaveProperty('plugins');
    expect(cluster.spec).not.toHaveProperty('managed');
    expect(cluster.spec).not.toHaveProperty('postgresql.synchronous');
  });

  it('dumps by a Job that reaches the second cluster, which no service reaches', async () => {
    recover('2026-11-29T08:00:00Z');
    const job: KubeObject = JSON.parse(read('job'));
    const { spec }: { spec: { inheritedMetadata: { labels: Record<string, string> } } } = JSON.parse(read('recovered'));
    expect(await violations([job])).toEqual([]);
    const [workload] = workloads([job]);
    if (!workload) throw new Error('There is no Job');
    const env = containersOf(workload)[0]?.env;
    expect(env).toContainEqual({ name: 'DATABASES', value: 'order-db-recovered-rw' });
    expect(env).toContainEqual({ name: 'BACKUPS', value: '/backups/recovered' });
    const place = (name: string, labels: Record<string, string>) => ({
      ...{ name, labels, namespace: 'tradepost-prod' },
      namespaceLabels: { 'kubernetes.io/metadata.name': 'tradepost-prod' },
    });
    const recovered = place('order-db-recovered', {
      ...spec.inheritedMetadata.labels,
      'cnpg.io/cluster': 'order-db-recovered',
    });
    const reaches = (from: ReturnType<typeof place>) =>
      allowed(objects, from, recovered, { port: 5432, protocol: 'TCP' });
    expect(reaches(place('dump', podLabels(workload)))).toBe(true);
    for (const service of workloads(objects).filter((w) => podLabels(w)['app.kubernetes.io/component'] === 'service'))
      expect(reaches(place(service.name, podLabels(service))), service.name).toBe(false);
  });

  it('touches nothing without an archive, or without a time that it understands', () => {
    expect(recover('yesterday')).toMatchObject({ status: 1, stderr: expect.stringContaining('no time like') });
    write('cluster', JSON.stringify({ spec: {} }));
    expect(recover('2026-11-29T08:00:00Z')).toMatchObject({ status: 1, stderr: expect.stringContaining('no archive') });
    expect(calls()).toEqual([]);
    expect(run('order').status).toBe(2);
    expect(run('--help').status).toBe(0);
  });
});
