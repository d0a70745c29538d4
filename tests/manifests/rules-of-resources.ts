import { podLabels, quantity, selects, workloads } from './objects.ts';
import { databases, eachContainer, longRunning, problemsOf, type Rule, services, setField } from './rule.ts';

const POD = 'spec.template.spec';
const C = `${POD}.containers.0`;

/** What containers request, how they are limited, and where pods are placed. */
export const resourceRules: Rule[] = [
  {
    name: 'every container requests CPU, memory and scratch space, and is limited in all three',
    check: (objects) =>
      problemsOf(eachContainer(workloads(objects)), ({ at, container: { resources } }) => {
        const { requests = {}, limits = {} } = resources ?? {};
        const bounded = ['cpu', 'memory', 'ephemeral-storage'].every(
          (name) => quantity(requests[name]) <= quantity(limits[name]),
        );
        return !(bounded && quantity(requests.cpu) > 0) && at;
      }),
    mutations: [
      setField('Deployment', 'product', `${C}.resources.requests.cpu`),
      setField('Deployment', 'product', `${C}.resources.limits.memory`),
      setField('Deployment', 'product', `${C}.resources.limits.cpu`),
      setField('StatefulSet', 'product-db', `${C}.resources.requests.ephemeral-storage`),
      setField('StatefulSet', 'product-db', `${POD}.initContainers.0.resources`),
      setField('Deployment', 'product', `${C}.resources.requests.memory`, '9Gi'),
    ],
  },
  {
    name: 'the heap of Node.js is bounded by the limit of its container',
    check: (objects) =>
      problemsOf(eachContainer(services(objects)), ({ at, container }) => {
        const percentage = container.command
          ?.map((arg) => /^--max-old-space-size-percentage=(\d+)$/.exec(arg)?.[1])
          .find(Boolean);
        const isBounded = Number(percentage) <= 75 && container.command?.includes('--max-semi-space-size=8');
        return container.command?.[0] === 'node' && !isBounded && at;
      }),
    mutations: [
      setField('Deployment', 'product', `${C}.command`, ['node', '--max-semi-space-size=8', '/app/src/service.mjs']),
      setField('Deployment', 'product', `${C}.command`, [
        'node',
        '--max-old-space-size-percentage=60',
        '/app/src/service.mjs',
      ]),
    ],
  },
  {
    name: 'what runs says what a change of its resources needs',
    check: (objects) =>
      problemsOf(
        eachContainer(longRunning(objects)),
        ({ at, container }) => !container.init && container.resizePolicy?.length !== 2 && at,
      ),
    mutations: [setField('Deployment', 'product', `${C}.resizePolicy`)],
  },
  {
    name: 'pods spread over nodes and zones, and those of a service by revision',
    check: (objects) =>
      problemsOf(longRunning(objects), (workload) => {
        const constraints = workload.template.spec?.topologySpreadConstraints ?? [];
        const keys = constraints.map(({ topologyKey }) => topologyKey);
        const wanted = databases(objects).some(({ name }) => name === workload.name)
          ? ['kubernetes.io/hostname']
          : ['kubernetes.io/hostname', 'topology.kubernetes.io/zone'];
        const right =
          wanted.every((key) => keys.includes(key)) &&
          constraints.every((c) => selects(c.labelSelector, podLabels(workload))) &&
          (workload.kind !== 'Deployment' || constraints.every((c) => c.matchLabelKeys?.includes('pod-template-hash')));
        return !right && workload.name;
      }),
    mutations: [
      setField('Deployment', 'order', `${POD}.topologySpreadConstraints`),
      setField('Deployment', 'order', `${POD}.topologySpreadConstraints.0.matchLabelKeys`),
      setField('StatefulSet', 'rabbitmq', `${POD}.topologySpreadConstraints.0.labelSelector`, {
        matchLabels: { a: 'b' },
      }),
    ],
  },
];
