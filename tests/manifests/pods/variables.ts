import type { IContainer } from 'kubernetes-models/v1';
import { podLabels, type Workload } from '../objects.ts';

/** The variables of a container, with what they take from fields of its pod. */
export function fieldValues(
  workload: Workload,
  pod: string,
  container: IContainer,
  env: Record<string, string>,
): Record<string, string> {
  const found = { ...env };
  for (const { name, valueFrom } of container.env ?? []) {
    const field = valueFrom?.fieldRef?.fieldPath;
    if (field === 'metadata.name')
      found[name] = workload.kind === 'StatefulSet' && !/-\d$/.test(pod) ? `${pod}-0` : pod;
    else if (field === 'metadata.namespace') found[name] = workload.object.metadata.namespace ?? '';
    else if (field) found[name] = podLabels(workload)[/'(.*)'/.exec(field)?.[1] ?? ''] ?? '';
  }
  return found;
}

/** `$(NAME)` in values. */
export function expanded(env: Record<string, string>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(env).map(([name, value]) => [
      name,
      value.replace(/\$\(([A-Z_]+)\)/g, (all, key) => env[key] ?? all),
    ]),
  );
}
