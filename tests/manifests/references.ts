import type { IService } from 'kubernetes-models/v1';
import {
  containersOf,
  type KubeObject,
  nameOf,
  ofKind,
  podLabels,
  type Selector,
  selects,
  type Workload,
  workloads,
} from './objects.ts';

/** What refers to something that is not there: names, keys, ports, selectors. */
export function danglingReferences(objects: readonly KubeObject[]): string[] {
  const list = workloads(objects);
  return [
    ...list.flatMap((workload) => [...volumeProblems(objects, workload), ...environmentProblems(objects, workload)]),
    ...list.flatMap((workload) => portProblems(workload)),
    ...list.flatMap(({ object, name }) => {
      const service = Reflect.get(object.spec ?? {}, 'serviceName');
      return object.kind === 'StatefulSet' && !named(objects, 'Service', String(service))
        ? [`${name}: no Service ${service}`]
        : [];
    }),
    ...ofKind<IService>(objects, 'Service').flatMap((service) => serviceProblems(service, list)),
    ...selectorProblems(objects, list),
    ...targetProblems(objects),
    ...clusterProblems(objects),
    ...issuerProblems(objects),
  ];
}

const named = (objects: readonly KubeObject[], kind: string, name: string | undefined) =>
  objects.find((object) => object.kind === kind && object.metadata.name === name);

function volumeProblems(objects: readonly KubeObject[], { name, object, template }: Workload): string[] {
  const volumes = template.spec?.volumes ?? [];
  const claims = Reflect.get(object.spec ?? {}, 'volumeClaimTemplates') ?? [];
  const names = new Set(
    [...volumes, ...claims.map((claim: KubeObject) => claim.metadata)].map((volume) => volume.name),
  );
  const mounts = [...(template.spec?.initContainers ?? []), ...(template.spec?.containers ?? [])].flatMap(
    (c) => c.volumeMounts ?? [],
  );
  const used = new Set(mounts.map((mount) => mount.name));
  return [
    ...mounts.filter((mount) => !names.has(mount.name)).map((mount) => `${name}: no volume ${mount.name}`),
    ...[...names].filter((volume) => !used.has(volume)).map((volume) => `${name}: nobody mounts ${volume}`),
    ...volumes.flatMap((volume) => {
      const sources: [string, string | undefined, string[]][] = [
        ['Secret', volume.secret?.secretName, (volume.secret?.items ?? []).map(({ key }) => key)],
        ['ConfigMap', volume.configMap?.name, (volume.configMap?.items ?? []).map(({ key }) => key)],
        ['PersistentVolumeClaim', volume.persistentVolumeClaim?.claimName, []],
      ];
      return sources.flatMap(([kind, source, keys]) =>
        source === undefined ? [] : keyProblems(objects, { at: name, kind, source, keys }),
      );
    }),
    ...mounts.flatMap(({ name: volume, subPath }) => {
      const source = volumes.find((v) => v.name === volume)?.configMap?.name;
      return subPath && source ? keyProblems(objects, { at: name, kind: 'ConfigMap', source, keys: [subPath] }) : [];
    }),
  ];
}

/** The Secrets that cert-manager makes. */
const ofCertificates = (objects: readonly KubeObject[], name: string) =>
  ofKind<{ spec: { secretName: string } }>(objects, 'Certificate').some(({ spec }) => spec.secretName === name)
    ? { data: { 'ca.crt': '', 'tls.crt': '', 'tls.key': '' } }
    : undefined;

function keyProblems(
  objects: readonly KubeObject[],
  o: { at: string; kind: string; source: string; keys: string[] },
): string[] {
  const found =
    named(objects, o.kind, o.source) ?? (o.kind === 'Secret' ? ofCertificates(objects, o.source) : undefined);
  if (!found) return [`${o.at}: no ${o.kind} ${o.source}`];
  return o.keys
    .filter((key) => !(key in (found.data ?? {})))
    .map((key) => `${o.at}: no key ${key} in ${o.kind} ${o.source}`);
}

function environmentProblems(objects: readonly KubeObject[], workload: Workload): string[] {
  return containersOf(workload).flatMap((container) => {
    const at = `${workload.name}/${container.name}`;
    const keys = (container.env ?? []).flatMap(({ valueFrom }) => {
      const { secretKeyRef: secret, configMapKeyRef: config } = valueFrom ?? {};
      if (secret) return keyProblems(objects, { at, kind: 'Secret', source: secret.name ?? '', keys: [secret.key] });
      return config
        ? keyProblems(objects, { at, kind: 'ConfigMap', source: config.name ?? '', keys: [config.key] })
        : [];
    });
    const whole = (container.envFrom ?? []).flatMap(({ secretRef, configMapRef }) => {
      if (secretRef) return keyProblems(objects, { at, kind: 'Secret', source: secretRef.name ?? '', keys: [] });
      return keyProblems(objects, { at, kind: 'ConfigMap', source: configMapRef?.name ?? '', keys: [] });
    });
    return [...keys, ...whole];
  });
}

/** Probes name a port of their container. */
function portProblems(workload: Workload): string[] {
  return containersOf(workload).flatMap(({ name, ports = [], startupProbe, readinessProbe, livenessProbe }) =>
    [startupProbe, readinessProbe, livenessProbe].flatMap((probe) => {
      const port = probe?.httpGet?.port ?? probe?.tcpSocket?.port;
      return port !== undefined && !ports.some((p) => p.name === port)
        ? [`${workload.name}/${name}: no port ${port}`]
        : [];
    }),
  );
}

/** A Service leads to pods of exactly one workload, or a headless one to some, and to ports that they have. */
function serviceProblems({ metadata, spec }: IService & KubeObject, list: readonly Workload[]): string[] {
  const behind = list.filter((workload) => selects({ matchLabels: spec?.selector ?? {} }, podLabels(workload)));
  if (behind.length === 0 || (behind.length > 1 && spec?.clusterIP !== 'None'))
    return [`Service ${metadata.name} leads to ${behind.map(({ name }) => name).join(', ') || 'nothing'}`];
  const ports = new Set(
    behind
      .flatMap(containersOf)
      .flatMap((c) => c.ports ?? [])
      .flatMap(({ name, containerPort }) => [name, String(containerPort)]),
  );
  return (spec?.ports ?? []).flatMap(({ targetPort }) =>
    ports.has(String(targetPort)) ? [] : [`Service ${metadata.name}: no port ${targetPort}`],
  );
}

/** Every selector of a policy or a budget selects something. */
function selectorProblems(objects: readonly KubeObject[], list: readonly Workload[]): string[] {
  const something = (selector: Selector) => list.some((workload) => selects(selector, podLabels(workload)));
  return objects.flatMap((object) => {
    const { podSelector, selector } = (object.spec ?? {}) as { podSelector?: Selector; selector?: Selector };
    // Whose pods come and go with a certificate.
    const ofCertManager = 'acme.cert-manager.io/http01-solver' in (podSelector?.matchLabels ?? {});
    if (object.kind === 'NetworkPolicy' && podSelector && !ofCertManager)
      return something(podSelector) ? [] : [`${nameOf(object)} selects nothing`];
    if (['PodDisruptionBudget', 'PodMonitor'].includes(object.kind) && selector)
      return something(selector) ? [] : [`${nameOf(object)} selects nothing`];
    return [];
  });
}

/** What scales or routes names something that is there. */
function targetProblems(objects: readonly KubeObject[]): string[] {
  return objects.flatMap((object) => {
    const { scaleTargetRef, rules } = (object.spec ?? {}) as {
      scaleTargetRef?: { kind?: string; name: string };
      rules?: { http?: { paths: { backend: { service?: { name: string } } }[] }; backendRefs?: { name: string }[] }[];
    };
    const missing =
      scaleTargetRef && !named(objects, scaleTargetRef.kind ?? 'Deployment', scaleTargetRef.name)
        ? [`${nameOf(object)}: no ${scaleTargetRef.name}`]
        : [];
    const backends = Array.isArray(rules)
      ? rules.flatMap((rule) => [
          ...(rule.http?.paths.map(({ backend }) => backend.service?.name) ?? []),
          ...(rule.backendRefs?.map(({ name }) => name) ?? []),
        ])
      : [];
    return [
      ...missing,
      ...backends
        .filter((name) => name && !named(objects, 'Service', name))
        .map((name) => `${nameOf(object)}: no Service ${name}`),
    ];
  });
}

type Named = { name: string };
type ClusterSpec = {
  certificates?: { serverTLSSecret: string; serverCASecret: string };
  managed?: { roles?: { passwordSecret?: Named }[] };
  externalClusters?: {
    name: string;
    password?: Named & { key: string };
    plugin?: { parameters: { barmanObjectName: string } };
  }[];
  plugins?: { parameters: { barmanObjectName: string } }[];
  bootstrap: { initdb?: { import?: { source: { externalCluster: string } } }; recovery?: { source: string } };
};

/** What a Cluster of CloudNativePG, or a backup of it, names: Secrets, stores, and where its rows come from. */
function clusterProblems(objects: readonly KubeObject[]): string[] {
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
        .filter((secret) => secret !== undefined && !ofCertificates(objects, secret))
        .map((secret) => `Secret ${secret}`),
      ...secrets.filter((secret) => secret && !named(objects, 'Secret', secret.name)).map((s) => `Secret ${s?.name}`),
      ...stores
        .map(({ parameters }) => parameters.barmanObjectName)
        .filter((store) => !named(objects, 'ObjectStore', store))
        .map((store) => `ObjectStore ${store}`),
      ...(source === undefined || others.some(({ name }) => name === source) ? [] : [`external cluster ${source}`]),
    ].map((missing) => `${metadata.name}: no ${missing}`);
  });
  const backups = ofKind<{ spec: { cluster: Named } }>(objects, 'ScheduledBackup')
    .filter(({ spec }) => !named(objects, 'Cluster', spec.cluster.name))
    .map(({ metadata }) => `ScheduledBackup ${metadata.name}: no Cluster`);
  return [...clusters, ...backups];
}

/** A certificate names an issuer, and an issuer the certificate that it signs with. */
function issuerProblems(objects: readonly KubeObject[]): string[] {
  return [
    ...ofKind<{ spec: { issuerRef: Named } }>(objects, 'Certificate')
      .filter(({ spec }) => !named(objects, 'Issuer', spec.issuerRef.name))
      .map((certificate) => `${nameOf(certificate)}: no Issuer`),
    ...ofKind<{ spec: { ca?: { secretName: string } } }>(objects, 'Issuer')
      .filter(({ spec }) => spec.ca && !ofCertificates(objects, spec.ca.secretName))
      .map((issuer) => `${nameOf(issuer)}: no Secret`),
  ];
}
