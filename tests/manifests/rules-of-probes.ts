import { containersOf, workloads } from './objects.ts';
import { databases, eachContainer, longRunning, problemsOf, type Rule, services, setField } from './rule.ts';

const POD = 'spec.template.spec';
const C = `${POD}.containers.0`;

/** How pods are probed. */
export const probeRules: Rule[] = [
  {
    name: 'what runs has startup, readiness and liveness probes, and the last two differ',
    check: (objects) =>
      problemsOf(
        eachContainer(longRunning(objects)),
        ({ at, container: { init, startupProbe, readinessProbe, livenessProbe } }) => {
          const { periodSeconds: _p, failureThreshold: _f, timeoutSeconds: _t, ...ready } = readinessProbe ?? {};
          const { periodSeconds: _q, failureThreshold: _g, timeoutSeconds: _u, ...live } = livenessProbe ?? {};
          return (
            !init &&
            !(startupProbe && readinessProbe && livenessProbe && JSON.stringify(ready) !== JSON.stringify(live)) &&
            at
          );
        },
      ),
    mutations: [
      setField('Deployment', 'auth', `${C}.startupProbe`),
      setField('StatefulSet', 'auth-db', `${C}.readinessProbe`),
      setField('Deployment', 'auth', `${C}.livenessProbe.httpGet.path`, '/readyz'),
    ],
  },
  {
    name: 'services are probed on the management port, and their liveness looks at nothing but the process',
    check: (objects) =>
      problemsOf(services(objects), (workload) => {
        const { startupProbe, readinessProbe, livenessProbe } =
          containersOf(workload).find((c) => c.name === 'service') ?? {};
        const right =
          [startupProbe, readinessProbe, livenessProbe].every((probe) => probe?.httpGet?.port === 'management') &&
          startupProbe?.httpGet?.path === '/livez' &&
          livenessProbe?.httpGet?.path === '/livez' &&
          readinessProbe?.httpGet?.path === '/readyz';
        return !right && workload.name;
      }),
    mutations: [
      setField('Deployment', 'auth', `${C}.livenessProbe.httpGet.port`, 'http'),
      setField('Deployment', 'auth', `${C}.readinessProbe.httpGet.path`, '/livez'),
    ],
  },
  {
    name: 'databases are asked by pg_isready over TCP, the broker by its ports',
    check: (objects) => [
      ...problemsOf(eachContainer(databases(objects)), ({ at, container: { init, readinessProbe, startupProbe } }) => {
        const asks = (probe: typeof readinessProbe) =>
          probe?.exec?.command?.[0] === 'pg_isready' && probe.exec.command.includes('-h');
        return !init && !(asks(readinessProbe) && asks(startupProbe)) && at;
      }),
      ...problemsOf(
        eachContainer(workloads(objects).filter(({ name }) => name === 'rabbitmq')),
        ({ at, container: c }) => {
          const ports = [c.startupProbe, c.readinessProbe, c.livenessProbe].map((probe) => probe?.tcpSocket?.port);
          return !c.init && ports.join() !== 'amqp,amqp,metrics' && at;
        },
      ),
    ],
    mutations: [
      setField('StatefulSet', 'order-db', `${C}.readinessProbe.exec.command`, ['pg_isready']),
      setField('StatefulSet', 'rabbitmq', `${C}.livenessProbe`, {
        exec: { command: ['rabbitmq-diagnostics', 'ping'] },
      }),
    ],
  },
  {
    name: 'the one server of a database stays in its Service while it is slow',
    check: (objects) =>
      problemsOf(eachContainer(databases(objects)), ({ at, container: { init, readinessProbe } }) => {
        const { timeoutSeconds = 1, failureThreshold = 3 } = readinessProbe ?? {};
        return !init && !(timeoutSeconds >= 10 && failureThreshold >= 6) && at;
      }),
    mutations: [
      setField('StatefulSet', 'order-db', `${C}.readinessProbe.timeoutSeconds`, 5),
      setField('StatefulSet', 'order-db', `${C}.readinessProbe.failureThreshold`, 2),
    ],
  },
];
