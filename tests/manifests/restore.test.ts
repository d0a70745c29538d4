import { spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { allowed } from './network.ts';
import { type KubeObject, podLabels, workloads } from './objects.ts';
import { danglingReferences } from './references.ts';
import { copyTree, kubectlIsThere, renderAll, repository } from './rendering.ts';
import { podRules } from './rules-of-pods.ts';
import { unknownFields, violations } from './schemas.ts';

/** k8s/restore.ts on a kubectl that knows what prod renders; what its Job runs is tested in backup.test.ts. */
describe.runIf(kubectlIsThere())('k8s/restore.ts', () => {
  let tree: ReturnType<typeof copyTree>;
  let objects: KubeObject[];
  let fake: string;
  const write = (name: string, text: string) => writeFileSync(path.join(fake, name), text);
  const find = (kind: string, name: string) =>
    objects.find((object) => object.kind === kind && object.metadata.name === name);
  beforeAll(() => {
    tree = copyTree();
    objects = renderAll(path.join(tree.root, 'k8s/overlays/prod'));
    fake = mkdtempSync(path.join(tmpdir(), 'tradepost-restore-'));
    const script = [
      '#!/bin/sh',
      'shift 4; printf "%s\\n" "$*" >> "$FAKE/calls"',
      'case "$*" in',
      '"get cronjob backup "*) cat "$FAKE/cronjob" ;;',
      '"get deployment order "*) cat "$FAKE/deployment" ;;',
      '"get job "*) cat "$FAKE/ended" ;;',
      '"apply --filename -") cat > "$FAKE/job" ;;',
      '"logs "*) echo "what the Job said" ;;',
      '"wait "*) [ ! -e "$FAKE/stuck" ] || { echo "timed out" >&2; exit 1; } ;;',
      'esac',
    ];
    write('kubectl', `${script.join('\n')}\n`);
    chmodSync(path.join(fake, 'kubectl'), 0o755);
    write('cronjob', JSON.stringify(find('CronJob', 'backup')));
    // As it is while an autoscaler has made it four.
    const deployment = find('Deployment', 'order');
    write('deployment', JSON.stringify({ ...deployment, spec: { ...Object(deployment?.spec), replicas: 4 } }));
  });
  afterAll(() => {
    tree.remove();
    rmSync(fake, { recursive: true });
  });
  beforeEach(() => {
    rmSync(path.join(fake, 'stuck'), { force: true });
    write('calls', '');
    write('ended', 'SuccessCriteriaMet Complete');
  });

  const run = (...args: string[]) =>
    spawnSync(process.execPath, [path.join(repository, 'k8s/restore.ts'), ...args], {
      encoding: 'utf8',
      env: { PATH: `${fake}:${process.env.PATH}`, FAKE: fake },
    });
  const there = ['--context', 'c', '--namespace', 'tradepost-prod'];
  const calls = () =>
    readFileSync(path.join(fake, 'calls'), 'utf8')
      .trim()
      .split('\n')
      .map((call) => call.replace(/restore-order-\w+/, 'JOB'))
      .filter((call) => !call.startsWith('get '));
  const job = (): KubeObject => JSON.parse(readFileSync(path.join(fake, 'job'), 'utf8'));
  const started = ['scale deployment/order --replicas=4', 'rollout status deployment/order --timeout=10m'];
  const stopped = [
    'scale deployment/order --replicas=0',
    'wait --for=delete pod --selector app.kubernetes.io/name=order,app.kubernetes.io/component=service --timeout=5m',
  ];
  const ran = ['apply --filename -', 'logs job/JOB', 'delete job JOB --wait=false'];

  it('stops the service, restores, and starts as many again', () => {
    const { status, stdout } = run('order', ...there, '--backup', '20261125T021700Z');
    expect(stdout).toContain('what the Job said');
    expect(calls()).toEqual([...stopped, ...ran, ...started]);
    expect(status).toBe(0);
  });

  it('runs a Job that conforms, reaches its database and no other thing, and signs in as the service does', async () => {
    run('order', ...there, '--backup', '20261125T021700Z');
    const object = job();
    expect(await violations([object])).toEqual([]);
    expect(unknownFields([object])).toEqual([]);
    expect(danglingReferences([...objects, object])).toEqual([]);
    for (const rule of podRules) expect(rule.check([...objects, object]), rule.name).toEqual([]);
    const [workload] = workloads([object]);
    const [container] = workload?.template.spec?.containers ?? [];
    expect(container?.command).toEqual(['bash', '/scripts/restore.sh']);
    expect(container?.env?.find(({ name }) => name === 'BACKUP')?.value).toBe('20261125T021700Z');
    const secret = container?.env?.find(({ name }) => name === 'DATABASE_URL')?.valueFrom?.secretKeyRef?.name;
    expect(secret).toMatch(/^order-[a-z0-9]{10}$/);
    const places = workloads([...objects, object]).map((w) => ({
      name: w.name,
      namespace: 'tradepost-prod',
      namespaceLabels: { 'kubernetes.io/metadata.name': 'tradepost-prod' },
      labels: podLabels(w),
    }));
    const from = places.find(({ name }) => name === object.metadata.name);
    if (!from) throw new Error('There is no Job');
    const reached = [5432, 5672, 8080].flatMap((port) =>
      places.filter((to) => allowed(objects, from, to, { port, protocol: 'TCP' })).map((to) => `${to.name}:${port}`),
    );
    expect(reached.sort()).toEqual(
      ['api-gateway-db', 'auth-db', 'notification-db', 'order-db', 'product-db'].map((name) => `${name}:5432`),
    );
  });

  it('starts the service again when the backup is refused, and when the service does not stop', () => {
    write('ended', 'FailureTarget Failed');
    const refused = run('order', ...there, '--backup', '20261125T021700Z');
    expect(refused.status).toBe(1);
    expect(refused.stdout).toContain('what the Job said');
    expect(calls()).toEqual([...stopped, ...ran, ...started]);
    write('calls', '');
    write('stuck', '');
    expect(run('order', ...there, '--backup', '20261125T021700Z').status).toBe(1);
    expect(calls()).toEqual([...stopped, ...started]);
  });

  it('lists what there is, and touches nothing', () => {
    expect(run('order', ...there).status).toBe(0);
    expect(calls()).toEqual(ran);
    expect(run('order').status).toBe(2);
    expect(run('--help').status).toBe(0);
  });
});
