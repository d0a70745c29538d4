import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { repository } from './rendering.ts';

const folder = path.join(repository, '.github/workflows');
type Job = {
  if?: string;
  needs?: string | string[];
  uses?: string;
  permissions?: object;
  steps?: { uses?: string; run?: string; with?: Record<string, unknown> }[];
};
type Workflow = {
  on: Record<string, unknown>;
  permissions: Record<string, string>;
  concurrency?: { group: string };
  jobs: Record<string, Job>;
};
const read = (file: string): Workflow => parse(readFileSync(path.join(folder, file), 'utf8'));

describe.each(readdirSync(folder))('%s', (file) => {
  it('names each action by its commit, with the version beside it', () => {
    const text = readFileSync(path.join(folder, file), 'utf8');
    const uses = [...text.matchAll(/^\s*(?:- )?uses:\s*(.+)$/gm)].map(([, action = '']) => action.trim());
    expect(uses.length).toBeGreaterThan(0);
    // A tag can be moved to another commit by whoever owns the action, or has taken it over.
    for (const action of uses.filter((name) => !name.startsWith('./')))
      expect(action).toMatch(/^[\w.-]+\/[\w./-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/);
  });

  it('may read, and nothing else, but where a job says so; and does not run twice at once', () => {
    expect(read(file).permissions).toEqual({ contents: 'read' });
    expect(read(file).concurrency?.group).toBeTruthy();
  });
});

describe('the publishing workflow', () => {
  const { jobs } = read('publish.yml');
  /** Every job that this one waits for. */
  const before = (name: string): string[] => [jobs[name]?.needs ?? []].flat().flatMap((one) => [one, ...before(one)]);

  it('builds, signs and rolls out only what the tests have passed', () => {
    expect(jobs.test?.uses).toBe('./.github/workflows/ci.yml');
    for (const name of Object.keys(jobs).filter((job) => job !== 'test')) expect(before(name), name).toContain('test');
  });

  it('runs the tests on the pull request that it opens', () => {
    const runs = (jobs.bump?.steps ?? []).map(({ run = '' }) => run).join('\n');
    expect(runs).toContain('gh workflow run ci.yml --ref "promote-$version"');
    expect(read('ci.yml').on).toHaveProperty('workflow_dispatch');
    expect(jobs.bump?.permissions).toMatchObject({ actions: 'write' });
  });
});

describe('the workflow of previews', () => {
  const { on, jobs } = read('preview.yml');
  const steps = Object.values(jobs).flatMap((job) => job.steps ?? []);

  it('runs for pull requests of branches of this repository alone, with the label', () => {
    // With pull_request_target a fork would get a token that may write.
    expect(on).toEqual({ pull_request: { types: ['opened', 'reopened', 'synchronize', 'labeled'] } });
    expect(jobs.services?.if).toBe(
      "github.event.pull_request.head.repo.full_name == github.repository && contains(github.event.pull_request.labels.*.name, 'preview')",
    );
    // Every other job waits for that one, and is skipped with it.
    for (const [name, job] of Object.entries(jobs).filter(([other]) => other !== 'services'))
      expect(job.needs, name).toBe('services');
  });

  it('may push packages, and nothing else', () => {
    expect(jobs.services?.permissions).toBeUndefined();
    expect(jobs.image?.permissions).toEqual({ contents: 'read', packages: 'write' });
    for (const step of steps.filter(({ uses }) => uses?.startsWith('actions/checkout@')))
      expect(step.with?.['persist-credentials']).toBe(false);
    // What a pull request can choose (its branch, its title) is part of no command.
    for (const { run = '' } of steps) expect(run).not.toContain('github.event');
  });

  it('builds the commit that Argo CD deploys, under its name', () => {
    const commit = `\${{ github.event.pull_request.head.sha }}`;
    for (const step of steps.filter(({ uses }) => uses?.startsWith('actions/checkout@')))
      expect(step.with?.ref).toBe(commit);
    const build = steps.find(({ uses }) => uses?.startsWith('docker/build-push-action@'));
    expect(build?.with).toMatchObject({ push: true, tags: `ghcr.io/tradepost/\${{ matrix.service }}:${commit}` });
  });
});

it('CI builds the images of every change', () => {
  const steps = read('ci.yml').jobs.images?.steps ?? [];
  expect(steps.some(({ run }) => run === 'npm run build')).toBe(true);
});

it('Renovate updates what the manifests name, and leaves our own images to the publishing workflow', () => {
  const renovate = JSON.parse(readFileSync(path.join(repository, '.github/renovate.json'), 'utf8'));
  const patterns: string[] = renovate.kubernetes.managerFilePatterns;
  const matches = (name: string) => patterns.some((pattern) => new RegExp(pattern.slice(1, -1)).test(name));
  expect(matches('k8s/base/postgres/order-db/statefulset.yaml')).toBe(true);
  expect(matches('k8s/components/backup/cron-jobs.yaml')).toBe(true);
  expect(renovate.extends).toContain('docker:pinDigests');
  expect(renovate.packageRules[0]).toMatchObject({ matchPackageNames: ['ghcr.io/tradepost/**'], enabled: false });
});

it('a version of PostgreSQL and its digest are the same everywhere', () => {
  const k8s = path.join(repository, 'k8s');
  const files = readdirSync(k8s, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.yaml'));
  const named = (image: string) =>
    new Set(
      files.flatMap(
        (file) =>
          readFileSync(path.join(k8s, file), 'utf8').match(new RegExp(`docker\\.io/library/${image}\\S+`, 'g')) ?? [],
      ),
    );
  for (const image of ['postgres', 'rabbitmq'])
    expect([...named(image)]).toEqual([expect.stringMatching(/:[\d.]+\S*@sha256:[0-9a-f]{64}$/)]);
  const [image = ''] = named('postgres');
  const label = readFileSync(path.join(k8s, 'base/postgres/order-db/kustomization.yaml'), 'utf8');
  expect(label).toContain(`app.kubernetes.io/version: "${/:([\d.]+)/.exec(image)?.[1]}"`);
});
