import { certificateSecret, containersOf, type KubeObject, named, type Workload } from './objects.ts';

/** Mounts without a volume, volumes without a mount, and what volumes are made from. */
export function volumeProblems(objects: readonly KubeObject[], { name, object, template }: Workload): string[] {
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

function keyProblems(
  objects: readonly KubeObject[],
  o: { at: string; kind: string; source: string; keys: string[] },
): string[] {
  const found =
    named(objects, o.kind, o.source) ?? (o.kind === 'Secret' ? certificateSecret(objects, o.source) : undefined);
  if (!found) return [`${o.at}: no ${o.kind} ${o.source}`];
  return o.keys
    .filter((key) => !(key in (found.data ?? {})))
    .map((key) => `${o.at}: no key ${key} in ${o.kind} ${o.source}`);
}

/** What the variables of containers are read from. */
export function environmentProblems(objects: readonly KubeObject[], workload: Workload): string[] {
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
export function portProblems(workload: Workload): string[] {
  return containersOf(workload).flatMap(({ name, ports = [], startupProbe, readinessProbe, livenessProbe }) =>
    [startupProbe, readinessProbe, livenessProbe].flatMap((probe) => {
      const port = probe?.httpGet?.port ?? probe?.tcpSocket?.port;
      return port !== undefined && !ports.some((p) => p.name === port)
        ? [`${workload.name}/${name}: no port ${port}`]
        : [];
    }),
  );
}
