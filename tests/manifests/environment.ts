import type { IContainer } from 'kubernetes-models/v1';
import type { KubeObject } from './objects.ts';

/** The environment that a container gets: from Secrets and ConfigMaps whole, then one by one, as Kubernetes does it. */
export function environmentOf(objects: readonly KubeObject[], container: IContainer): Record<string, string> {
  const env: Record<string, string> = {};
  for (const { secretRef, configMapRef } of container.envFrom ?? []) {
    Object.assign(
      env,
      secretRef ? secretData(objects, secretRef.name) : find(objects, 'ConfigMap', configMapRef?.name)?.data,
    );
  }
  for (const { name, value, valueFrom } of container.env ?? []) {
    const { secretKeyRef, configMapKeyRef } = valueFrom ?? {};
    const found = secretKeyRef
      ? secretData(objects, secretKeyRef.name)[secretKeyRef.key]
      : configMapKeyRef
        ? find(objects, 'ConfigMap', configMapKeyRef.name)?.data?.[configMapKeyRef.key]
        : value;
    if (found !== undefined) env[name] = found;
  }
  return env;
}

/** The content of a Secret. */
export function secretData(objects: readonly KubeObject[], name: string | undefined): Record<string, string> {
  const data = Object.entries(find(objects, 'Secret', name)?.data ?? {});
  return Object.fromEntries(data.map(([key, value]) => [key, Buffer.from(value, 'base64').toString('utf8')]));
}

const find = (objects: readonly KubeObject[], kind: string, name: string | undefined) =>
  objects.find((object) => object.kind === kind && object.metadata.name === name);
