import { createPool, type Pool } from '@tradepost/postgres/pool';
import { type ServiceName, serviceNames } from '@tradepost/testing/deployment';
import { poolLimitsForSlowMachines } from '@tradepost/testing/time-limits';
import type { Logger } from 'pino';
import { Connection } from 'rabbitmq-client';
import type { Infrastructure } from './infrastructure.ts';

/** The auditor's own connection, past the proxies. */
export function connectBroker(infrastructure: Infrastructure, log: Logger): Connection {
  const broker = new Connection({
    hosts: infrastructure.brokerPorts.map((port) => `127.0.0.1:${port}`),
    ...{ username: 'guest', password: 'guest', retryLow: 100, retryHigh: 1000 },
  });
  broker.on('error', (err) => log.warn({ err }, 'the auditor has no connection to the broker'));
  return broker;
}

/** The auditor's own pools, past the proxies. */
export function openPools(infrastructure: Infrastructure, log: Logger): Record<ServiceName, Pool> {
  const pools = serviceNames.map((service) => [
    service,
    createPool({
      url: infrastructure.databaseUrls[service],
      name: 'auditor',
      max: 4,
      log,
      ...poolLimitsForSlowMachines,
    }),
  ]);
  // as: it has the keys of `serviceNames`.
  return Object.fromEntries(pools) as Record<ServiceName, Pool>;
}
