// Long: one stand-in for a cluster, and what the command does there
import { spawnSync } from 'node:child_process';
import { chmodSync, cpSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { containersOf, type KubeObject, workloads } from './objects.ts';
import { danglingReferences } from './references.ts';
import { copyTree, kubectlIsThere, renderAll } from './rendering.ts';
import { dataRules } from './rules-of-data.ts';
import { environmentRules } from './rules-of-environments.ts';
import { podRules } from './rules-of-pods.ts';
import { unknownFields, violations } from './schemas.ts';

const rulesOf = (environment: string) =>
  [...podRules, ...environmentRules, ...dataRules].filter((rule) => (rule.only ?? environment) === environment);
const IMAGE = `docker.io/library/postgres:19.1-trixie@sha256:${'a'.repeat(64)}`;

/**
 * k8s/upgrade-postgres.ts on a kubectl that knows what the overlay renders. What the init containers do, which it puts there, is
 * tested with real servers in postgres-upgrade.test.ts.
 */
describe.runIf(kubectlIsThere())('k8s/upgrade-postgres.ts', () => {
  let tree: ReturnType<typeof copyTree>;
  let pristine: string;
  let fake: string;
  /** What the overlays render before anything is written into them. */
  const atFirst: Record<string, KubeObject[]> = {};
  const write = (name: string, content: unknown) =>
    writeFileSync(path.join(fake, name), typeof content === 'string' ? content : JSON.stringify(content));
  const overlay = (environment = 'prod') => path.join(tree.root, 'k8s/overlays', environment);
  const find = (objects: KubeObject[], kind: string, name: string) => {
    const found = objects.find((object) => object.kind === kind && object.metadata.name === name);
    if (!found) throw new Error(`There is no ${kind} ${name}`);
    return found;
  };
  /** As the API server has it now. */
  const deployed = (environment = 'prod', annotations = {}) => {
    const objects = existsSync(generated(environment))
      ? renderAll(path.join(overlay(environment), 'db'))
      : atFirst[environment];
    const set = find(objects ?? [], 'StatefulSet', 'order-db');
    write('set', { ...set, metadata: { ...set.metadata, annotations }, status: { readyReplicas: 1 } });
  };
  const pods = (...states: { image?: string; ready?: boolean; inits?: object[] }[]) => {
    for (const [index, { image = IMAGE, ready = false, inits = [] }] of states.entries()) {
      const status = {
        conditions: [{ type: 'Ready', status: ready ? 'True' : 'False' }],
        initContainerStatuses: inits,
      };
      write(`pods-${index}`, {
        items: [{ metadata: {}, spec: { containers: [{ name: 'postgres', image }] }, status }],
      });
    }
    rmSync(path.join(fake, `pods-${states.length}`), { force: true });
    write('asked', '0');
  };
  beforeAll(() => {
    tree = copyTree();
    for (const environment of ['dev', 'prod']) atFirst[environment] = renderAll(overlay(environment));
    pristine = mkdtempSync(path.join(tmpdir(), 'tradepost-pristine-'));
    cpSync(path.join(tree.root, 'k8s'), pristine, { recursive: true });
    fake = mkdtempSync(path.join(tmpdir(), 'tradepost-fake-'));
    const script = [
      '#!/bin/sh',
      'shift 4; printf "%s\\n" "$*" >> "$FAKE/calls"',
      'case "$*" in',
      '"get statefulset order-db "*) cat "$FAKE/set" ;;',
      '*" du -sk "*) cat "$FAKE/disk" ;;',
      '*" show server_version") cat "$FAKE/version" ;;',
      '"get cronjobs "*) cat "$FAKE/backup" ;;',
      '"get job "*) cat "$FAKE/ended" ;;',
      '"apply --filename -") cat > "$FAKE/job" ;;',
      '"get pods "*) n=$(cat "$FAKE/asked"); cat "$FAKE/pods-$n"; [ ! -e "$FAKE/pods-$((n + 1))" ] || echo $((n + 1)) > "$FAKE/asked" ;;',
      '"logs "*) echo "what it said" ;;',
      'esac',
    ];
    write('kubectl', `${script.join('\n')}\n`);
    chmodSync(path.join(fake, 'kubectl'), 0o755);
  });
  afterAll(() => {
    tree.remove();
    for (const folder of [fake, pristine]) rmSync(folder, { recursive: true });
  });
  beforeEach(() => {
    rmSync(path.join(tree.root, 'k8s'), { recursive: true });
    cpSync(pristine, path.join(tree.root, 'k8s'), { recursive: true });
    write('calls', '');
    write('ended', 'SuccessCriteriaMet Complete');
    write(
      'disk',
      '1048576\t/var/lib/postgresql/18/docker\n/dev/sdb 20511312 1200000 19000000 6% /var/lib/postgresql\n',
    );
    write('version', '19.1 (Debian 19.1-1)\n');
    write('backup', new Date(Date.now() - 3_600_000).toISOString());
    pods({ ready: true });
  });

  const run = (...args: string[]) =>
    spawnSync(process.execPath, [path.join(tree.root, 'k8s/upgrade-postgres.ts'), ...args], {
      encoding: 'utf8',
      env: { PATH: `${fake}:${process.env.PATH}`, FAKE: fake },
    });
  const there = (environment = 'prod') => ['order', '--context', 'c', '--namespace', `tradepost-${environment}`];
  const upgrade = (environment = 'prod', ...more: string[]) => run(...there(environment), '--image', IMAGE, ...more);
  const calls = () =>
    readFileSync(path.join(fake, 'calls'), 'utf8')
      .trim()
      .split('\n')
      .map((call) => call.replace(/postgres-image-\w+/, 'JOB').replace(tree.root, ''))
      .filter((call) => !/^(get|exec)/.test(call));
  const generated = (environment = 'prod') => path.join(overlay(environment), 'db/postgres-upgrade');

  it('tries the image, writes the overlay, applies it, and waits until the server of the new version is ready', () => {
    deployed();
    const running = (name: string) => ({ name, state: { running: {} } });
    pods(
      { image: 'the old one', ready: true },
      { inits: [running('dump')] },
      { inits: [{ name: 'dump', state: { terminated: { exitCode: 0 } } }, running('restore')] },
      { ready: true },
    );
    const { status, stdout, stderr } = upgrade();
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    expect(calls()).toEqual([
      'apply --filename -',
      'logs job/JOB',
      'delete job JOB --wait=false',
      'apply --kustomize /k8s/overlays/prod/db',
      'logs order-db-0 --container restore',
    ]);
    expect(stdout).toMatch(/dump …\n {2}restore …\nwhat it said\norder-db runs PostgreSQL 19\.1/);
    expect(stdout).toContain('k8s/overlays/prod/db/postgres-upgrade/order-db.yaml');
    // Run again, when it is done: nothing is tried or written.
    deployed();
    write('calls', '');
    expect(upgrade().status).toBe(0);
    expect(calls()).toEqual(['logs order-db-0 --container restore']);
  });

  it.each(['dev', 'prod'])(
    'writes manifests of %s that conform, with the steps in order, and leaves the others alone',
    async (environment) => {
      deployed(environment);
      const before = atFirst[environment] ?? [];
      expect(upgrade(environment).status).toBe(0);
      const objects = renderAll(overlay(environment));
      const set = find(objects, 'StatefulSet', 'order-db');
      const [workload] = workloads([set]);
      if (!workload) throw new Error('It has no pods');
      const containers = containersOf(workload);
      expect(containers.map(({ name, image }) => [name, image?.split(':')[1]?.split('-')[0]])).toEqual([
        ['dump', '18.4'],
        ['restore', '19.1'],
        ['superuser-password', '19.1'],
        ['data-folder', '19.1'],
        ['postgres', '19.1'],
      ]);
      expect(containers.slice(0, 2).map(({ command }) => command?.slice(2))).toEqual([
        ['dump', '18', '19'],
        ['restore', '18', '19'],
      ]);
      expect(containers[3]?.command?.slice(2)).toEqual(['check', '19']);
      expect(containers[4]?.env?.find(({ name }) => name === 'PGDATA')?.value).toBe('/var/lib/postgresql/19/docker');
      expect(JSON.stringify(containers[4]?.lifecycle)).toContain('/var/lib/postgresql/19/docker');
      // They do what the server does, with the memory that it has.
      for (const { resources } of containers.slice(0, 2)) expect(resources).toEqual(containers[4]?.resources);
      const changed = objects.filter((object) => {
        const was = before.find(({ kind, metadata }) => kind === object.kind && metadata.name === object.metadata.name);
        return JSON.stringify(was) !== JSON.stringify(object);
      });
      const backups = environment === 'prod' ? ['CronJob/backup', 'CronJob/restore-check'] : [];
      expect(changed.map(({ kind, metadata }) => `${kind}/${metadata.name}`).sort()).toEqual([
        ...backups,
        'StatefulSet/order-db',
      ]);
      for (const object of changed.filter(({ kind }) => kind === 'CronJob'))
        expect(JSON.stringify(object)).toContain(IMAGE);
      expect(await violations(changed)).toEqual([]);
      expect(unknownFields(changed)).toEqual([]);
      expect(danglingReferences(objects)).toEqual([]);
      for (const rule of rulesOf(environment)) expect(rule.check(objects), rule.name).toEqual([]);
      const job: KubeObject = JSON.parse(readFileSync(path.join(fake, 'job'), 'utf8'));
      expect(await violations([job])).toEqual([]);
      expect(unknownFields([job])).toEqual([]);
      for (const rule of podRules) expect(rule.check([...before, job]), rule.name).toEqual([]);
    },
  );

  it('refuses before anything changes, and says what to do', () => {
    const refusals: [prepare: () => void, says: RegExp][] = [
      [() => write('backup', ''), /last backup is of no time at all: kubectl create job/],
      [() => write('backup', '2026-01-01T00:00:00Z'), /last backup is of 2026-01-01/],
      [
        () => write('disk', '4000000 x\n/dev/sdb 8000000 1 6500000 1% /\n'),
        /has 6347 MiB free, and the upgrade needs 6371 MiB/,
      ],
      [() => write('ended', 'Failed'), /The cluster cannot run docker\.io/],
      [() => change((set) => set.replaceAll('18.4-trixie', '19.0-trixie')), /is no other major version/],
      [() => change((set) => set.replaceAll('18.4-trixie', '20.0-trixie')), /newer than 19\.1/],
      [() => change((set) => set.replaceAll('18.4-trixie', '17.4-trixie')), /base says .*: apply that first/],
      [() => change((set) => set.replace('"readyReplicas":1', '"readyReplicas":0')), /order-db is not ready/],
      [
        () => change((set) => set.replace('"name":"data-folder"', '"name":"other"')),
        /apply this version of the manifests/,
      ],
      [() => rmSync(path.join(fake, 'set')), /kubectl get statefulset order-db/],
    ];
    const change = (to: (set: string) => string) => write('set', to(readFileSync(path.join(fake, 'set'), 'utf8')));
    for (const [prepare, says] of refusals) {
      write('disk', '1048576 x\n/dev/sdb 20511312 1200000 19000000 6% /\n');
      write('backup', new Date().toISOString());
      write('ended', 'Complete');
      deployed();
      prepare();
      const { status, stderr } = upgrade();
      expect(stderr).toMatch(says);
      expect(status).toBe(1);
      expect(existsSync(generated())).toBe(false);
    }
    expect(calls().filter((call) => call.startsWith('apply --kustomize'))).toEqual([]);
    write('backup', '');
    deployed();
    expect(upgrade('prod', '--without-backup').status).toBe(0);
    for (const wrong of [['order'], there(), [...there(), '--image', IMAGE, '--back']])
      expect(run(...wrong).status).toBe(2);
    expect(run(...there(), '--image', 'postgres:19').stderr).toContain('is not like');
    expect(run('--help').status).toBe(0);
  });

  it('leaves it to Argo CD to apply, and goes on once that is done', () => {
    deployed('prod', { 'argocd.argoproj.io/tracking-id': 'tradepost-prod:apps/StatefulSet:tradepost-prod/order-db' });
    const first = upgrade();
    expect(first.status).toBe(0);
    expect(first.stdout).toContain('argocd app sync tradepost-prod');
    expect(existsSync(path.join(generated(), 'order-db.yaml'))).toBe(true);
    expect(calls().filter((call) => call.includes('--kustomize'))).toEqual([]);
    deployed('prod', { 'argocd.argoproj.io/tracking-id': 'the same' });
    const second = upgrade();
    expect(second.stdout).toContain('order-db runs PostgreSQL 19.1');
    expect(calls().filter((call) => call.includes('--kustomize'))).toEqual([]);
  });

  it('reports an init container that fails, and how to go back', () => {
    deployed();
    pods({
      inits: [
        {
          name: 'restore',
          state: { waiting: { reason: 'CrashLoopBackOff' } },
          lastState: { terminated: { exitCode: 1 } },
        },
      ],
    });
    const { status, stderr } = upgrade();
    expect(status).toBe(1);
    expect(stderr).toMatch(
      /what it said\nThe init container restore of order-db-0 failed\nThe data of the old version is as it was[\s\S]*--back/,
    );
    pods({ inits: [{ name: 'dump', state: { waiting: { reason: 'ImagePullBackOff', message: 'not found' } } }] });
    expect(upgrade().stderr).toContain('The image of dump cannot be pulled: not found');
    write('version', '18.4');
    pods({ ready: true });
    expect(upgrade()).toMatchObject({ status: 1, stderr: expect.stringContaining('order-db runs PostgreSQL 18.4') });
  });

  it('goes back, with the folder of the newer version set aside, and forward again', async () => {
    deployed();
    const base =
      /image: (\S+)/.exec(
        readFileSync(path.join(tree.root, 'k8s/base/postgres/order-db/statefulset.yaml'), 'utf8'),
      )?.[1] ?? '';
    expect(run(...there(), '--back').stderr).toContain('nothing to go back from');
    expect(upgrade().status).toBe(0);
    deployed();
    write('version', '18.4');
    pods({ ready: true }, { image: base, ready: true });
    const back = run(...there(), '--back');
    expect(back).toMatchObject({ status: 0, stderr: '' });
    expect(back.stdout).toContain('order-db runs PostgreSQL 18.4');
    const objects = renderAll(overlay());
    const set = find(objects, 'StatefulSet', 'order-db');
    const [workload] = workloads([set]);
    const containers = workload ? containersOf(workload) : [];
    expect(containers.map(({ name }) => name)).toEqual(['set-aside', 'superuser-password', 'data-folder', 'postgres']);
    expect(containers[0]?.command?.slice(2)).toEqual(['set-aside', '19']);
    expect(new Set(containers.map(({ image }) => image))).toEqual(new Set([base]));
    expect(await violations([set])).toEqual([]);
    for (const rule of rulesOf('prod')) expect(rule.check(objects), rule.name).toEqual([]);
    write('version', '19.1');
    pods({ ready: true });
    deployed();
    expect(upgrade().status).toBe(0);
    expect(readFileSync(path.join(generated(), 'order-db.yaml'), 'utf8')).toContain('name: restore\n');
  });

  it('writes the new version into base once all databases of all environments have it, and what is rendered stays', () => {
    expect(run('--finish').stderr).toMatch(/Not upgraded yet:\n.*dev.*: api-gateway-db/);
    const script = path.join(tree.root, 'k8s/upgrade-postgres.ts');
    for (const environment of ['dev', 'prod']) {
      for (const service of ['api-gateway', 'auth', 'notification', 'order', 'product']) {
        const set = find(atFirst[environment] ?? [], 'StatefulSet', `${service}-db`);
        write('set', { ...set, status: { readyReplicas: 1 } });
        const args = [script, service, '--context', 'c', '--namespace', `tradepost-${environment}`, '--image', IMAGE];
        const text = readFileSync(path.join(fake, 'kubectl'), 'utf8').replace(
          /statefulset [a-z-]+ /,
          `statefulset ${service}-db `,
        );
        write('kubectl', text);
        const ran = spawnSync(process.execPath, args, {
          encoding: 'utf8',
          env: { PATH: `${fake}:${process.env.PATH}`, FAKE: fake },
        });
        expect(ran.status, ran.stderr).toBe(0);
      }
    }
    write('kubectl', readFileSync(path.join(fake, 'kubectl'), 'utf8').replace('product-db', 'order-db'));
    const upgraded = renderAll(overlay());
    const finished = run('--finish');
    expect(finished).toMatchObject({ status: 0, stderr: '' });
    const objects = renderAll(overlay());
    const specs = (list: KubeObject[]) =>
      list
        .filter(({ kind }) => kind === 'StatefulSet' || kind === 'CronJob')
        .map(({ metadata: { name }, spec }) =>
          JSON.stringify({ name, spec }, (key, value) =>
            key === 'initContainers'
              ? value.filter((container: { name: string }) => !['dump', 'restore'].includes(container.name))
              : value,
          ),
        );
    expect(specs(objects)).toEqual(specs(upgraded));
    expect(JSON.stringify(objects)).not.toMatch(/postgres:18|postgresql\/18/);
    for (const rule of rulesOf('prod')) expect(rule.check(objects), rule.name).toEqual([]);
    for (const environment of ['dev', 'prod']) {
      expect(existsSync(generated(environment))).toBe(false);
      const [now, was] = [overlay(environment), path.join(pristine, 'overlays', environment)].map((folder) =>
        readFileSync(path.join(folder, 'db/kustomization.yaml'), 'utf8'),
      );
      expect(now).toBe(was);
    }
  });
});
