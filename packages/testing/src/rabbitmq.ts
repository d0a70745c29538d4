import { randomBytes } from 'node:crypto';
import { topology } from '@tradepost/contracts/topology';
import { Connection } from 'rabbitmq-client';
import { isRabbitInstalled, type PrivateRabbit, startPrivateRabbit } from './private-rabbit.ts';
import { sharedResource } from './shared-resources.ts';

/** A broker for one test file. */
export type TestRabbit = {
  /** For `createRabbitTransport` or as BROKER_URL; its queues are named differently from those of other test files. */
  url: string;
  /** Another such URL, for a test that wants queues of its own. */
  anotherUrl(): string;
  /** Removes the queues and exchanges of all these URLs; to be called in `afterAll`. */
  drop(): Promise<void>;
};

/** A broker that a test may stop. */
export type OwnRabbit = TestRabbit & Pick<PrivateRabbit, 'start' | 'halt' | 'kill' | 'ctl'>;

const MISSING =
  'RabbitMQ is not installed (apt-get install rabbitmq-server), and BROKER_URL names no running one: ' +
  'TESTS OVER THE REAL BROKER ARE SKIPPED';

/**
 * The broker that all test files share, started by the first of them; or the one that BROKER_URL names.
 * Undefined if there is none: use `describe.skipIf(!rabbit)`. With `CI` set that is an error instead.
 */
export async function rabbitForTests(): Promise<TestRabbit | undefined> {
  const url = process.env.BROKER_URL ?? (await sharedRabbit());
  return url ? testRabbit(url) : undefined;
}

/**
 * A broker that the calling test file may halt, kill and start again; `drop` ends it. Undefined if RabbitMQ is not
 * installed, and also if BROKER_URL is set: that broker is somebody else's.
 */
export async function ownRabbit(): Promise<OwnRabbit | undefined> {
  if (process.env.BROKER_URL) {
    warn('BROKER_URL is set: tests that restart the broker are skipped, since that one is not theirs to stop');
    return undefined;
  }
  if (!(await canStart())) return undefined;
  const rabbit = await startPrivateRabbit();
  const { start, halt, kill, ctl, stop } = rabbit;
  return { ...testRabbit(rabbit.url), start, halt, kill, ctl, drop: stop };
}

async function sharedRabbit(): Promise<string | undefined> {
  return (await canStart()) ? sharedResource('rabbitmq') : undefined;
}

async function canStart(): Promise<boolean> {
  if (await isRabbitInstalled()) return true;
  if (process.env.CI) throw new Error(MISSING);
  warn(MISSING);
  return false;
}

function warn(text: string): void {
  process.stderr.write(`\n!!! ${text}\n\n`);
}

function testRabbit(broker: string): TestRabbit {
  const namespaces: string[] = [];
  const anotherUrl = () => {
    const namespace = `test-${randomBytes(6).toString('hex')}`;
    namespaces.push(namespace);
    const url = new URL(broker);
    url.searchParams.set('namespace', namespace);
    return url.href;
  };
  return {
    url: anotherUrl(),
    anotherUrl,
    drop: async () => {
      const connection = new Connection(broker);
      for (const namespace of namespaces) await removeAll(connection, namespace);
      await connection.close();
    },
  };
}

async function removeAll(connection: Connection, namespace: string): Promise<void> {
  const services = Object.keys(topology).filter((service) => topology[service]?.queue);
  for (const service of services) {
    await connection.queueDelete(`${namespace}.${service}`);
    await connection.queueDelete(`${namespace}.${service}.batches`);
    await connection.queueDelete(`${namespace}.${service}.dead`);
  }
  await connection.exchangeDelete({ exchange: namespace });
  await connection.exchangeDelete({ exchange: `${namespace}.dead` });
}
