import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { parse } from 'yaml';
import { repository } from './rendering.ts';

type Artifact = { image: string; docker: { dockerfile: string; buildArgs: { SERVICE: string } } };
type Skaffold = {
  build: { artifacts: Artifact[] };
  manifests: { kustomize: { paths: string[] } };
  portForward: { resourceName: string }[];
};

// `skaffold diagnose` is not here to check it: names and paths are compared with what they mean.
it('skaffold.yaml builds the image of every service, as the manifests name it, and applies dev', () => {
  const { build, manifests, portForward }: Skaffold = parse(
    readFileSync(path.join(repository, 'skaffold.yaml'), 'utf8'),
  );
  const services = readdirSync(path.join(repository, 'services')).sort();
  expect(build.artifacts.map(({ docker }) => docker.buildArgs.SERVICE).sort()).toEqual(services);
  for (const { image, docker } of build.artifacts) {
    const deployment = path.join(repository, 'k8s/base', docker.buildArgs.SERVICE, 'deployment.yaml');
    expect(readFileSync(deployment, 'utf8')).toContain(`image: ${image}:`);
    expect(readFileSync(path.join(repository, docker.dockerfile), 'utf8')).toMatch(/^ARG SERVICE$/m);
  }
  for (const folder of manifests.kustomize.paths)
    expect(existsSync(path.join(repository, folder, 'kustomization.yaml'))).toBe(true);
  expect(services).toContain(portForward[0]?.resourceName);
});
