import { chmodSync, chownSync, mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { IVolume } from 'kubernetes-models/v1';
import { secretData } from '../environment.ts';
import { type KubeObject, quantity } from '../objects.ts';

export type Volume = { path: string; shared?: false; memoryMiB?: number };

/** A volume as the kubelet makes it: owned by root and the group of the pod, secrets readable for that group. */
export function prepareVolume(
  folder: string,
  volume: IVolume,
  objects: readonly KubeObject[],
  fsGroup: number,
): Volume {
  const at = path.join(folder, 'volumes', volume.name);
  mkdirSync(at, { recursive: true });
  const files = volume.secret
    ? secretData(objects, volume.secret.secretName)
    : (objects.find(({ kind, metadata }) => kind === 'ConfigMap' && metadata.name === volume.configMap?.name)?.data ??
      {});
  const mode = volume.secret?.defaultMode ?? volume.configMap?.defaultMode ?? 0o644;
  for (const [name, content] of Object.entries(files)) {
    writeFileSync(path.join(at, name), content);
    chownSync(path.join(at, name), 0, fsGroup);
    chmodSync(path.join(at, name), mode);
  }
  chownSync(at, 0, fsGroup);
  chmodSync(at, volume.emptyDir ? 0o2777 : 0o2755);
  // /dev/shm is memory of its container; others of that kind are handed from one container to the next.
  if (volume.emptyDir?.medium === 'Memory' && volume.name === 'shm')
    return { path: at, shared: false, memoryMiB: quantity(volume.emptyDir.sizeLimit) / 2 ** 20 };
  return { path: at };
}
