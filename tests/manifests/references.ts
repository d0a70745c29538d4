import type { IService } from 'kubernetes-models/v1';
import {
  containersOf,
  type KubeObject,
  named,
  nameOf,
  ofKind,
  podLabels,
  type Selector,
  selects,
  type Workload,
  workloads,
} from './objects.ts';
import { clusterProblems, issuerProblems } from './references-of-operators.ts';
import { environmentProblems, portProblems, volumeProblems } from './references-of-pods.ts';

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
