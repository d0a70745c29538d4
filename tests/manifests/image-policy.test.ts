import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse, parseAllDocuments } from 'yaml';
import { containersOf, workloads } from './objects.ts';
import { kubectlIsThere, repository } from './rendering.ts';
import { renderWith } from './with-component.ts';

type Authority = { keyless?: { identities: { issuer: string; subjectRegExp: string }[] }; static?: { action: string } };
type Policy = { metadata: { name: string }; spec: { images: { glob: string }[]; authorities: Authority[] } };

const text = (file: string) => readFileSync(path.join(repository, file), 'utf8');
const policies: Policy[] = parseAllDocuments(text('k8s/components/image-policy/cluster/policies.yaml')).map((one) =>
  one.toJS(),
);
/** `**` is anything, as Sigstore reads it; an image of Docker Hub has its full name. */
const matches = (glob: string, image: string): boolean => {
  const name = image.replace(/^docker\.io\//, 'index.docker.io/').replace(/[:@].*$/, '');
  return name.startsWith(glob.replace(/\*\*$/, ''));
};
const policiesOf = (image: string) =>
  policies.filter(({ spec }) => spec.images.some(({ glob }) => matches(glob, image))).map((p) => p.metadata.name);

describe('the policy of signatures', () => {
  const signed = policies.find(({ metadata }) => metadata.name === 'tradepost-signed');
  const [identity] = signed?.spec.authorities[0]?.keyless?.identities ?? [];

  it('accepts what the publishing workflow signs for a tag, and nothing of another workflow, branch or repository', () => {
    const workflow: { jobs: Record<string, { steps?: { run?: string }[]; permissions?: Record<string, string> }> } =
      parse(text('.github/workflows/publish.yml'));
    const signs = Object.values(workflow.jobs).find(({ steps }) =>
      steps?.some(({ run }) => run?.startsWith('cosign sign')),
    );
    expect(signs?.permissions).toMatchObject({ 'id-token': 'write' });
    expect(identity?.issuer).toBe('https://token.actions.githubusercontent.com');
    const accepts = (subject: string) => new RegExp(identity?.subjectRegExp ?? '$^').test(subject);
    const repositoryUrl = 'https://github.com/tradepost/tradepost';
    expect(accepts(`${repositoryUrl}/.github/workflows/publish.yml@refs/tags/v1.2.3`)).toBe(true);
    expect(accepts(`${repositoryUrl}/.github/workflows/publish.yml@refs/heads/main`)).toBe(false);
    expect(accepts(`${repositoryUrl}/.github/workflows/ci.yml@refs/tags/v1.2.3`)).toBe(false);
    expect(accepts('https://github.com/tradepost/fork/.github/workflows/publish.yml@refs/tags/v1.2.3')).toBe(false);
    expect(accepts(`https://evil.example/?${repositoryUrl}/.github/workflows/publish.yml@refs/tags/v1`)).toBe(false);
  });

  it('is the one of the command in the runbook', () => {
    const command = /cosign verify .*/.exec(text('docs/runbooks/README.md'))?.[0] ?? '';
    expect(command).toContain(`--certificate-oidc-issuer ${identity?.issuer}`);
    expect(command).toContain(`'${identity?.subjectRegExp}'`);
  });

  it.runIf(kubectlIsThere())('names every image that prod runs: ours in the one that asks for signatures', () => {
    const objects = renderWith('prod', 'image-policy', 'monitoring/db');
    const [namespace] = objects.filter(({ kind }) => kind === 'Namespace');
    expect(namespace?.metadata.labels).toMatchObject({ 'policy.sigstore.dev/include': 'true' });
    const images = new Set(
      workloads(objects)
        .flatMap(containersOf)
        .map(({ image = '' }) => image),
    );
    expect(images.size).toBeGreaterThan(5);
    for (const image of images)
      expect(policiesOf(image), image).toEqual([
        image.startsWith('ghcr.io/tradepost/') ? 'tradepost-signed' : 'tradepost-others',
      ]);
  });
});
