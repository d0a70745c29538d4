import { parse } from 'yaml';
import { type KubeObject, ofKind } from './objects.ts';
import type { Environment } from './rendering.ts';

export type SyncPolicy = { automated?: { prune?: boolean; selfHeal?: boolean } };
export type ApplicationSpec = {
  project: string;
  sources: { path: string }[];
  destination: { namespace: string };
  syncPolicy: SyncPolicy;
  ignoreDifferences: { kind: string; jsonPointers?: string[] }[];
};
export type ApplicationSet = {
  spec: {
    generators: { list: { elements: Record<string, string>[] } }[];
    syncPolicy: { preserveResourcesOnDeletion?: boolean; applicationsSync?: string };
    template: { metadata: { name: string }; spec: ApplicationSpec };
    templatePatch: string;
  };
};

/** The ApplicationSet of the environments. */
export function applicationSetOf(objects: readonly KubeObject[]): ApplicationSet {
  const [set] = ofKind<ApplicationSet>(objects, 'ApplicationSet');
  if (!set) throw new Error('There is no ApplicationSet');
  return set;
}

/** What the ApplicationSet makes: the template with the environment's name, and the patch of that environment over it. */
export function applicationsOf({
  spec: { template, templatePatch, generators },
}: ApplicationSet): { name: string; environment: Environment; spec: ApplicationSpec }[] {
  return (generators[0]?.list.elements ?? []).map(({ environment = '' }) => {
    const filled = (text: string) => text.replaceAll('{{.environment}}', environment);
    const chosen = templatePatch.replace(
      /\{\{- if eq \.environment "dev" \}\}([\s\S]*)\{\{- else \}\}([\s\S]*)\{\{- end \}\}/,
      environment === 'dev' ? '$1' : '$2',
    );
    const { spec, metadata }: { spec: ApplicationSpec; metadata: { name: string } } = JSON.parse(
      filled(JSON.stringify(template)),
    );
    const patch: { spec: Partial<ApplicationSpec> } = parse(chosen);
    const syncPolicy = { ...spec.syncPolicy, ...patch.spec.syncPolicy };
    // as: the list has these two, which is tested.
    return {
      name: metadata.name,
      environment: environment as Environment,
      spec: { ...spec, ...patch.spec, syncPolicy },
    };
  });
}
