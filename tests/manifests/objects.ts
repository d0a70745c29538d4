import type { IContainer, IPodTemplateSpec } from 'kubernetes-models/v1';

/** Any object of Kubernetes: what all have, and the rest as yet unknown. */
export type KubeObject = {
  apiVersion: string;
  kind: string;
  metadata: { name: string; namespace?: string; labels?: Record<string, string>; annotations?: Record<string, string> };
  spec?: unknown;
  data?: Record<string, string>;
  type?: string;
};

/** A pod template and whose it is. */
export type Workload = { kind: string; name: string; object: KubeObject; template: IPodTemplateSpec };

/** `Deployment order` */
export const nameOf = (object: KubeObject): string => `${object.kind} ${object.metadata.name}`;

/** The objects of a kind, with the type of that kind. */
export function ofKind<T>(objects: readonly KubeObject[], kind: string): (T & KubeObject)[] {
  // as: the tests of schemas hold every object against the schema of its kind.
  return objects.filter((object) => object.kind === kind) as (T & KubeObject)[];
}

/** Whatever makes pods. */
export function workloads(objects: readonly KubeObject[]): Workload[] {
  return objects.flatMap((object) => {
    const template = templateOf(object);
    return template ? [{ kind: object.kind, name: object.metadata.name, object, template }] : [];
  });
}

function templateOf(object: KubeObject): IPodTemplateSpec | undefined {
  // as: see ofKind.
  const spec = object.spec as { template?: IPodTemplateSpec; jobTemplate?: { spec?: { template?: IPodTemplateSpec } } };
  if (['Deployment', 'StatefulSet', 'DaemonSet', 'Job', 'Rollout'].includes(object.kind)) return spec.template;
  return object.kind === 'CronJob' ? spec.jobTemplate?.spec?.template : undefined;
}

/** Its containers, init containers too. */
export function containersOf(workload: Workload): (IContainer & { init: boolean })[] {
  const { initContainers = [], containers = [] } = workload.template.spec ?? {};
  return [...initContainers.map((c) => ({ ...c, init: true })), ...containers.map((c) => ({ ...c, init: false }))];
}

/** The labels of its pods. */
export const podLabels = (workload: Workload): Record<string, string> => workload.template.metadata?.labels ?? {};

type Expression = { key: string; operator: string; values?: string[] };
export type Selector = { matchLabels?: Record<string, string>; matchExpressions?: Expression[] };

/** Whether labels are what a selector asks for. */
export function selects(selector: Selector | undefined, labels: Record<string, string>): boolean {
  if (!selector) return false;
  const equal = Object.entries(selector.matchLabels ?? {}).every(([key, value]) => labels[key] === value);
  return equal && (selector.matchExpressions ?? []).every((expression) => holds(expression, labels[expression.key]));
}

function holds({ operator, values = [] }: Expression, value: string | undefined): boolean {
  switch (operator) {
    case 'In':
      return value !== undefined && values.includes(value);
    case 'NotIn':
      return value === undefined || !values.includes(value);
    case 'Exists':
      return value !== undefined;
    case 'DoesNotExist':
      return value === undefined;
    default:
      throw new Error(`Unknown operator ${operator}`);
  }
}

/** Kubernetes quantities as a number: `250m`, `192Mi`, `1Gi`, `2`. */
export function quantity(text: string | number | undefined): number {
  if (text === undefined) return Number.NaN;
  const [, digits = '', unit = ''] = /^([0-9.]+)([a-zA-Z]*)$/.exec(String(text)) ?? [];
  const factors: Record<string, number> = {
    '': 1,
    m: 1e-3,
    k: 1e3,
    M: 1e6,
    G: 1e9,
    Ki: 2 ** 10,
    Mi: 2 ** 20,
    Gi: 2 ** 30,
    Ti: 2 ** 40,
  };
  return digits === '' ? Number.NaN : Number(digits) * (factors[unit] ?? Number.NaN);
}

/** The object of this kind and name. */
export const named = (objects: readonly KubeObject[], kind: string, name: string | undefined) =>
  objects.find((object) => object.kind === kind && object.metadata.name === name);

/** The Secrets that cert-manager makes. */
export const certificateSecret = (objects: readonly KubeObject[], name: string) =>
  ofKind<{ spec: { secretName: string } }>(objects, 'Certificate').some(({ spec }) => spec.secretName === name)
    ? { data: { 'ca.crt': '', 'tls.crt': '', 'tls.key': '' } }
    : undefined;
