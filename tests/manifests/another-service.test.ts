import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bumpProd } from '../../images/bump.ts';
import { writeSecrets } from '../../k8s/secrets.ts';
import { allowed } from './network.ts';
import { type KubeObject, podLabels, workloads } from './objects.ts';
import { danglingReferences } from './references.ts';
import { copyTree, environments, kubectlIsThere, renderAll, repository } from './rendering.ts';
import { services } from './rule.ts';
import { dataRules } from './rules-of-data.ts';
import { environmentRules } from './rules-of-environments.ts';
import { podRules } from './rules-of-pods.ts';
import { unknownFields, violations } from './schemas.ts';

/** The commands of k8s/README.md that add the service `wishlist`, as they stand there. */
function recipe(): string {
  const readme = readFileSync(path.join(repository, 'k8s/README.md'), 'utf8');
  const section = readme.slice(readme.indexOf('**Add a service**'));
  return /```sh\n([\s\S]*?)```/.exec(section)?.[1] ?? '';
}

describe.runIf(kubectlIsThere())('a service more', () => {
  let tree: ReturnType<typeof copyTree>;
  let changes: string[];
  const run = (command: string, ...args: string[]): string => {
    const { status, stdout, stderr } = spawnSync(command, args, { cwd: tree.root, encoding: 'utf8' });
    if (status !== 0) throw new Error(`${command} ${args.join(' ')}: ${stderr}`);
    return stdout;
  };

  beforeAll(() => {
    tree = copyTree();
    run('git', 'init', '--quiet');
    run('git', 'add', '--all');
    // The last of the commands makes the secrets; here that is done for both environments.
    const [commands, secrets] = recipe().split(/^(?=npm )/m);
    expect(secrets).toMatch(/^npm run secrets -- dev/);
    run('sh', '-ec', commands ?? '');
    run('git', 'add', '--all', '--intent-to-add');
    changes = run('git', 'diff', '--numstat').trim().split('\n');
    for (const environment of environments) {
      const outcome = writeSecrets(path.join(tree.root, 'k8s'), environment, 'make');
      expect(outcome).toEqual({ done: 'added', what: ['wishlist'] });
    }
    // As the publishing workflow does with the first image.
    bumpProd(path.join(tree.root, 'k8s'), '0.1.0', new Map([['wishlist', `sha256:${'0'.repeat(64)}`]]));
  });
  afterAll(() => tree.remove());

  it('takes a folder for it and one for its database, and one line in each kustomization that lists them', () => {
    const own = /\tk8s\/base\/(wishlist|postgres\/wishlist-db)\/[a-z-]+\.yaml$/;
    expect(changes.filter((line) => !own.test(line)).sort()).toEqual(
      ['base', 'base/postgres', ...environments.flatMap((name) => [`overlays/${name}/base`, `overlays/${name}/db`])]
        .map((folder) => `1\t0\tk8s/${folder}/kustomization.yaml`)
        .sort(),
    );
  });

  it('needs nothing but its Secret from `npm run secrets`, which is not in git', () => {
    expect(run('git', 'status', '--porcelain', '--', 'k8s/overlays').match(/made-by/)).toBeNull();
  });

  it.each(environments)('%s: renders, conforms, and carries what all carry', async (environment) => {
    const objects = renderAll(path.join(tree.root, 'k8s/overlays', environment));
    expect(services(objects).map(({ name }) => name)).toContain('wishlist');
    const ours = objects.filter(({ metadata }) => metadata.name.startsWith('wishlist'));
    const kinds = 'Deployment Job NetworkPolicy PodDisruptionBudget Secret Service ServiceAccount StatefulSet'.split(
      ' ',
    );
    const scaled = environment === 'prod' ? ['HorizontalPodAutoscaler'] : [];
    expect([...new Set(ours.map(({ kind }) => kind))].sort()).toEqual([...kinds, ...scaled].sort());
    expect(await violations(ours)).toEqual([]);
    expect(unknownFields(ours)).toEqual([]);
    expect(danglingReferences(objects)).toEqual([]);
    // The quota among them: it has room for one more.
    for (const rule of [...podRules, ...environmentRules, ...dataRules].filter(
      ({ only }) => only === undefined || only === environment,
    )) {
      expect(rule.check(objects), rule.name).toEqual([]);
    }
  });

  it('reaches what every service reaches, is reached by the gateway, and disturbs nobody else', () => {
    const objects = renderAll(path.join(tree.root, 'k8s/overlays/dev'));
    const open = ([from, to, port]: [string, string, number]) =>
      allowed(objects, place(objects, from), place(objects, to), { port, protocol: 'TCP' });
    const paths: [string, string, number][] = [
      ['wishlist', 'wishlist-db', 5432],
      ['wishlist', 'rabbitmq', 5672],
      ['wishlist', 'auth', 8080],
      ['api-gateway', 'wishlist', 8080],
    ];
    expect(paths.map(open)).toEqual([true, true, true, true]);
    const closed: [string, string, number][] = [
      ['wishlist', 'order-db', 5432],
      ['order', 'wishlist-db', 5432],
      ['wishlist', 'order', 8080],
      ['wishlist', 'product', 8080],
      ['wishlist', 'api-gateway', 8080],
    ];
    expect(closed.map(open)).toEqual(closed.map(() => false));
  });
});

function place(objects: readonly KubeObject[], name: string) {
  const workload = workloads(objects).find((w) => w.name === name);
  if (!workload) throw new Error(`There is no ${name}`);
  const namespace = workload.object.metadata.namespace ?? '';
  return {
    name,
    namespace,
    namespaceLabels: { 'kubernetes.io/metadata.name': namespace },
    labels: podLabels(workload),
  };
}
