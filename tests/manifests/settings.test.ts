import path from 'node:path';
import { describeSettings, readSettings, type SettingDescription } from '@tradepost/runtime/settings';
import type { TObject } from 'typebox';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { environmentOf } from './environment.ts';
import { containersOf, type KubeObject } from './objects.ts';
import { copyTree, environments, kubectlIsThere, renderAll, repository } from './rendering.ts';
import { services, setField } from './rule.ts';

describe.runIf(kubectlIsThere())('the environment of the services', () => {
  let tree: ReturnType<typeof copyTree>;
  const rendered = new Map<string, KubeObject[]>();
  beforeAll(() => {
    tree = copyTree();
    for (const environment of environments)
      rendered.set(environment, renderAll(path.join(tree.root, 'k8s/overlays', environment)));
  });
  afterAll(() => tree.remove());

  it.each(environments)('%s: sets what the services know, and all that they require', async (environment) => {
    const objects = rendered.get(environment) ?? [];
    expect(
      services(objects)
        .map(({ name }) => name)
        .sort(),
    ).toEqual(['api-gateway', 'auth', 'notification', 'order', 'product']);
    expect(await wrongSettings(objects)).toEqual([]);
  });

  it.each(environments)('%s: keeps what is secret in Secrets, and nothing else there', async (environment) => {
    const objects = rendered.get(environment) ?? [];
    for (const workload of services(objects)) {
      const described = new Map((await settingsOf(workload.name)).map((setting) => [setting.name, setting]));
      const [container] = containersOf(workload).filter(({ name }) => name === 'service');
      const plain = (container?.env ?? []).filter(({ value }) => value !== undefined).map(({ name }) => name);
      expect(plain.filter((name) => described.get(name)?.secret)).toEqual([]);
    }
  });

  it.each([
    [
      'a setting that nobody knows',
      setField('Deployment', 'order', 'spec.template.spec.containers.0.env.0.name', 'PROT'),
    ],
    ['a required one that is missing', setField('Deployment', 'order', 'spec.template.spec.containers.0.envFrom', [])],
    [
      'a value that does not fit',
      setField('Deployment', 'order', 'spec.template.spec.containers.0.env.0.value', 'far away'),
    ],
  ])('%s: is noticed', async (_, breakIt) => {
    const copy = structuredClone(rendered.get('prod') ?? []);
    breakIt(copy);
    expect(await wrongSettings(copy)).not.toEqual([]);
  });
});

async function wrongSettings(objects: readonly KubeObject[]): Promise<string[]> {
  const problems: string[] = [];
  for (const workload of services(objects)) {
    const known = await settingsOf(workload.name);
    for (const container of containersOf(workload)) {
      const env = environmentOf(objects, container);
      const at = `${workload.name}/${container.name}`;
      for (const name of Object.keys(env))
        if (!known.some((setting) => setting.name === name)) problems.push(`${at}: nobody knows ${name}`);
      try {
        readSettings(await schemaOf(workload.name), env);
      } catch (error) {
        problems.push(`${at}: ${error instanceof Error ? error.message : error}`);
      }
    }
  }
  return problems;
}

const settingsOf = async (service: string): Promise<SettingDescription[]> => describeSettings(await schemaOf(service));

/** The settings that a service declares, whatever it calls them. */
async function schemaOf(service: string): Promise<TObject> {
  const module: Record<string, unknown> = await import(path.join(repository, 'services', service, 'src/config.ts'));
  const schema = Object.values(module).find(
    (value): value is TObject => typeof value === 'object' && value !== null && 'properties' in value,
  );
  if (!schema) throw new Error(`services/${service}/src/config.ts exports no schema`);
  return schema;
}
