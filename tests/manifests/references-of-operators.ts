import { certificateSecret, type KubeObject, named, nameOf, ofKind } from './objects.ts';

type NamedReference = { name: string };

type ClusterSpec = {
  certificates?: { serverTLSSecret: string; serverCASecret: string };
  managed?: { roles?: { passwordSecret?: NamedReference }[] };
  externalClusters?: {
    name: string;
    password?: NamedReference & { key: string };
    plugin?: { parameters: { barmanObjectName: string } };
  }[];
  plugins?: { parameters: { barmanObjectName: string } }[];
  bootstrap: { initdb?: { import?: { source: { externalCluster: string } } }; recovery?: { source: string } };
};

/** What a Cluster of CloudNativePG, or a backup of it, names: Secrets, stores, and where its rows come from. */
export function clusterProblems(objects: readonly KubeObject[]): string[] {
  const clusters = ofKind<{ spec: ClusterSpec }>(objects, 'Cluster').flatMap(({ metadata, spec }) => {
    const others = spec.externalClusters ?? [];
    const secrets = [
      ...(spec.managed?.roles ?? []).map((role) => role.passwordSecret),
      ...others.map((o) => o.password),
    ];
    const stores = [...(spec.plugins ?? []), ...others.flatMap((o) => o.plugin ?? [])];
    const source = spec.bootstrap.recovery?.source ?? spec.bootstrap.initdb?.import?.source.externalCluster;
    const { serverTLSSecret, serverCASecret } = spec.certificates ?? {};
    return [
      ...[serverTLSSecret, serverCASecret]
        .filter((secret) => secret !== undefined && !certificateSecret(objects, secret))
        .map((secret) => `Secret ${secret}`),
      ...secrets.filter((secret) => secret && !named(objects, 'Secret', secret.name)).map((s) => `Secret ${s?.name}`),
      ...stores
        .map(({ parameters }) => parameters.barmanObjectName)
        .filter((store) => !named(objects, 'ObjectStore', store))
        .map((store) => `ObjectStore ${store}`),
      ...(source === undefined || others.some(({ name }) => name === source) ? [] : [`external cluster ${source}`]),
    ].map((missing) => `${metadata.name}: no ${missing}`);
  });
  const backups = ofKind<{ spec: { cluster: NamedReference } }>(objects, 'ScheduledBackup')
    .filter(({ spec }) => !named(objects, 'Cluster', spec.cluster.name))
    .map(({ metadata }) => `ScheduledBackup ${metadata.name}: no Cluster`);
  return [...clusters, ...backups];
}

/** A certificate names an issuer, and an issuer the certificate that it signs with. */
export function issuerProblems(objects: readonly KubeObject[]): string[] {
  return [
    ...ofKind<{ spec: { issuerRef: NamedReference } }>(objects, 'Certificate')
      .filter(({ spec }) => !named(objects, 'Issuer', spec.issuerRef.name))
      .map((certificate) => `${nameOf(certificate)}: no Issuer`),
    ...ofKind<{ spec: { ca?: { secretName: string } } }>(objects, 'Issuer')
      .filter(({ spec }) => spec.ca && !certificateSecret(objects, spec.ca.secretName))
      .map((issuer) => `${nameOf(issuer)}: no Secret`),
  ];
}
