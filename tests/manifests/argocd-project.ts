import { type KubeObject, ofKind } from './objects.ts';

type Kind = { group: string; kind: string };
type Project = {
  spec: {
    clusterResourceWhitelist: Kind[];
    namespaceResourceWhitelist: Kind[];
    destinations: { namespace: string }[];
    roles?: { groups?: string[]; policies: string[] }[];
  };
};

const groupOf = ({ apiVersion }: KubeObject): string =>
  apiVersion.includes('/') ? (apiVersion.split('/')[0] ?? '') : '';

/** The kinds of these objects as `group/kind`, each once, sorted. */
export const kindsOf = (objects: readonly KubeObject[]): string[] =>
  [...new Set(objects.map((object) => `${groupOf(object)}/${object.kind}`))].sort();

/** The kinds that a list of a project names, in the same form. */
export const listed = (kinds: Kind[] | undefined): string[] =>
  (kinds ?? []).map(({ group, kind }) => `${group}/${kind}`).sort();

/** A project of Argo CD by its name. */
export const projectOf = (objects: readonly KubeObject[], name: string): Project['spec'] | undefined =>
  ofKind<Project>(objects, 'AppProject').find(({ metadata }) => metadata.name === name)?.spec;
