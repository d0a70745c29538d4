import type { IService } from 'kubernetes-models/v1';
import { type KubeObject, nameOf, ofKind, podLabels, workloads } from './objects.ts';
import { eachContainer, problemsOf, type Rule, removeObject, setField, statefulSets } from './rule.ts';
import { availabilityRules } from './rules-of-availability.ts';
import { namespaceRules } from './rules-of-namespaces.ts';

const POD = 'spec.template.spec';
const C = `${POD}.containers.0`;

/** Availability, governance, labels, images, Services and Secrets: what holds for an environment as a whole. */
export const environmentRules: Rule[] = [
  ...availabilityRules,
  ...namespaceRules,
  {
    name: 'objects and pods say by labels what they are and what they belong to',
    check: (objects) => [
      ...problemsOf(objects, (object) => {
        const labels = object.metadata.labels ?? {};
        const isIn =
          /^tradepost-/.test(labels['app.kubernetes.io/instance'] ?? '') && labels['app.kubernetes.io/managed-by'];
        // What a cluster has once is in no environment.
        if (object.metadata.namespace && !isIn) return nameOf(object);
        // What a generator makes has a name that says so.
        if (['Secret', 'ConfigMap'].includes(object.kind)) return undefined;
        return (
          !(labels['app.kubernetes.io/name'] && labels['app.kubernetes.io/part-of'] === 'tradepost') && nameOf(object)
        );
      }),
      ...problemsOf(workloads(objects), (workload) => {
        const has = (labels: Record<string, string> = {}) =>
          ['name', 'component', 'part-of', 'version', 'instance', 'managed-by'].every(
            (label) => labels[`app.kubernetes.io/${label}`],
          );
        return !(has(workload.object.metadata.labels) && has(podLabels(workload))) && `${workload.name} or its pods`;
      }),
    ],
    mutations: [
      setField('Service', 'order', 'metadata.labels'),
      setField('Secret', /^order-[a-z0-9]{10}$/, 'metadata.labels.app~kubernetes~io/instance'),
      setField('Deployment', 'order', 'spec.template.metadata.labels.app~kubernetes~io/name'),
      setField('StatefulSet', 'order-db', 'spec.template.metadata.labels.app~kubernetes~io/version'),
      setField('StatefulSet', 'rabbitmq', 'metadata.labels.app~kubernetes~io/component'),
    ],
  },
  {
    name: 'the version in the labels is that of the image',
    check: (objects) =>
      problemsOf(workloads(objects), (workload) => {
        const tags = (workload.template.spec?.containers ?? []).flatMap(
          ({ image = '' }) => /^[^@]+:v?(\d+\.[\d.]*\d)/.exec(image)?.[1] ?? [],
        );
        const labels = [workload.object.metadata.labels, podLabels(workload)];
        const isSame = labels.every((set) => tags.every((tag) => set?.['app.kubernetes.io/version'] === tag));
        return !isSame && `${workload.name}: ${tags}`;
      }),
    mutations: [
      setField('StatefulSet', 'order-db', `${C}.image`, 'docker.io/library/postgres:18.5-trixie'),
      setField('StatefulSet', 'rabbitmq', 'spec.template.metadata.labels.app~kubernetes~io/version', '4.2.8'),
    ],
  },
  {
    name: 'images are named by version, never by latest',
    check: (objects) =>
      problemsOf(
        eachContainer(workloads(objects)),
        ({ at, container: { image = '' } }) =>
          !(image.includes('@sha256:') || /:\d+\.\d+/.test(image)) && `${at} ${image}`,
      ),
    mutations: [
      setField('Deployment', 'order', `${C}.image`, 'order:latest'),
      setField('StatefulSet', 'order-db', `${C}.image`, 'postgres'),
    ],
  },
  {
    name: 'images of others are named by digest, since a tag may come to mean another image',
    check: (objects) =>
      problemsOf(
        eachContainer(workloads(objects)),
        ({ at, container: { image = '' } }) =>
          /^(?:docker|quay)\.io\//.test(image) && !/@sha256:[0-9a-f]{64}$/.test(image) && `${at} ${image}`,
      ),
    mutations: [setField('StatefulSet', 'order-db', `${C}.image`, 'docker.io/library/postgres:18.4-trixie')],
  },
  {
    name: 'images are named by digest',
    only: 'prod',
    check: (objects) =>
      problemsOf(
        eachContainer(workloads(objects)),
        ({ at, container: { image = '' } }) => !/@sha256:[0-9a-f]{64}$/.test(image) && `${at} ${image}`,
      ),
    mutations: [setField('Deployment', 'order', `${C}.image`, 'ghcr.io/tradepost/order:0.1.0')],
  },
  {
    name: 'Services that balance prefer the same zone and name the port they lead to; a StatefulSet has a headless one',
    check: (objects) => [
      ...problemsOf(ofKind<IService>(objects, 'Service'), ({ metadata, spec }) => {
        // A headless one only answers with the addresses of its pods.
        if (spec?.clusterIP === 'None') return false;
        const named = spec?.ports?.every(
          ({ targetPort }) => typeof targetPort === 'string' && Number.isNaN(Number(targetPort)),
        );
        return !(named && spec?.trafficDistribution === 'PreferSameZone') && metadata.name;
      }),
      ...problemsOf(statefulSets(objects), ({ metadata, spec }) => {
        const headless = ofKind<IService>(objects, 'Service').find((o) => o.metadata.name === spec?.serviceName);
        return headless?.spec?.clusterIP !== 'None' && metadata.name;
      }),
    ],
    mutations: [
      setField('Service', 'order', 'spec.trafficDistribution'),
      setField('Service', 'order', 'spec.ports.0.targetPort', 8080),
      removeObject('Service', 'order-db-headless'),
    ],
  },
  {
    name: 'secrets come from a generator, with the hash in their name that makes a change roll the pods',
    check: (objects) =>
      problemsOf(
        ofKind<KubeObject>(objects, 'Secret'),
        ({ metadata }) => !/-[a-z0-9]{10}$/.test(metadata.name) && metadata.name,
      ),
    mutations: [setField('Secret', /^order-[a-z0-9]{10}$/, 'metadata.name', 'order')],
  },
];
