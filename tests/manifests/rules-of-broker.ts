import { containersOf, quantity, workloads } from './objects.ts';
import { problemsOf, type Rule, setField } from './rule.ts';

const POD = 'spec.template.spec';
const C = `${POD}.containers.0`;

/** What the broker carries. */
export const brokerRules: Rule[] = [
  {
    name: 'the broker reads a cookie that only it may read, and knows its memory and its disk',
    check: (objects) =>
      problemsOf(
        workloads(objects).filter(({ name }) => name === 'rabbitmq'),
        (workload) => {
          const config =
            objects.find((o) => o.kind === 'ConfigMap' && o.metadata.name.startsWith('rabbitmq-config'))?.data ?? {};
          const text = Object.entries(config)
            .filter(([file]) => file.endsWith('.conf'))
            .sort()
            .map(([, lines]) => lines)
            .join('\n');
          const limit = quantity(workload.template.spec?.containers[0]?.resources?.limits?.memory) / 2 ** 20;
          const nodes = [...text.matchAll(/^cluster_formation\.classic_config\.nodes\.\d+ = (.*)$/gm)].map(
            ([, node]) => node,
          );
          const replicas = Number(Reflect.get(workload.object.spec ?? {}, 'replicas'));
          const host = (index: number) =>
            `rabbit@rabbitmq-${index}.rabbitmq-headless.${workload.object.metadata.namespace}.svc.cluster.local`;
          const known =
            replicas === 1 || nodes.join() === Array.from({ length: replicas }, (_, index) => host(index)).join();
          const memory = [...text.matchAll(/^total_memory_available_override_value = (\d+)MB$/gm)].map(([, mb]) =>
            Number(mb),
          );
          const sized =
            lastOf(memory) <= limit && /^disk_free_limit\.absolute/m.test(text) && /pause_minority/.test(text);
          const cookie = containersOf(workload).some(
            ({ init, command }) => init && command?.join().includes('chmod 600'),
          );
          return !(known && sized && cookie) && `rabbitmq: ${replicas} of ${nodes.length}, ${memory} of ${limit} MB`;
        },
      ),
    mutations: [
      setField('StatefulSet', 'rabbitmq', `${POD}.initContainers.0.command`, ['cp', 'a', 'b']),
      setField('StatefulSet', 'rabbitmq', `${C}.resources.limits.memory`, '128Mi'),
      setField('StatefulSet', 'rabbitmq', 'spec.replicas', 5),
    ],
  },
];

const lastOf = (numbers: number[]): number => numbers.at(-1) ?? Number.NaN;
