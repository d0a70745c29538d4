import { serviceNames } from '@tradepost/testing/deployment';

/** What goes wrong, by the names that `--faults` knows. */
export const faultKinds = {
  kill: 'a process is killed (SIGKILL) and started again',
  term: 'a process is told to end (SIGTERM) and started again',
  pause: 'a process stands still for seconds (SIGSTOP), and goes on',
  'broker-node': 'one of the three nodes of RabbitMQ is killed, and comes back',
  broker: 'all of RabbitMQ is stopped and started',
  postgres: 'a PostgreSQL is stopped in immediate mode, and recovers',
  cut: 'connections are reset, again and again',
  delay: 'connections are slow',
  vanish: 'what is sent vanishes while the connection stays open, and then it is reset',
  duplicate: 'messages come twice and in another order',
  rolling: 'every process is restarted, one after the other',
} as const;

export type FaultKind = keyof typeof faultKinds;

// as: these are the keys of an object of ours.
export const allFaultKinds = Object.keys(faultKinds) as FaultKind[];

/** Groups of connections that a fault can strike. */
const proxyGroups = ['databases', 'broker', 'services', 'clients'] as const;
export type ProxyGroup = (typeof proxyGroups)[number];

/** Ends the name of a target whose answers alone are struck: what was asked is done, and nobody is told. */
export const ANSWERS = ' (answers)';

/** How many instances of each service there are, and whether the broker has nodes to lose. */
export type ClusterSize = { replicas: number; brokerNodes: number };

/** Everything that a kind of fault can strike, each to be struck once. */
export function targetsOf(kind: FaultKind, o: ClusterSize): string[] {
  const instances = serviceNames.flatMap((service) =>
    Array.from({ length: o.replicas }, (_, n) => `${service}-${n + 1}`),
  );
  switch (kind) {
    case 'kill':
    case 'term':
    case 'pause':
      return instances;
    case 'postgres':
      return [...serviceNames];
    case 'broker-node':
      return o.brokerNodes > 1 ? ['one node'] : [];
    case 'cut':
      return [...proxyGroups];
    case 'delay':
      return ['databases', 'broker', 'services'];
    case 'vanish':
      return ['databases', 'broker', 'services', `databases${ANSWERS}`, `services${ANSWERS}`];
    case 'broker':
      return ['all nodes'];
    case 'duplicate':
      return ['messages'];
    case 'rolling':
      return ['every process'];
  }
}

/** How long one lasts until all is well again, in milliseconds, as a guess to plan by. */
export const usualMs: Record<FaultKind, number> = {
  kill: 3000,
  term: 5000,
  pause: 4000,
  'broker-node': 9000,
  broker: 16_000,
  postgres: 2500,
  cut: 4000,
  delay: 6000,
  vanish: 3000,
  duplicate: 9000,
  rolling: 40_000,
};
