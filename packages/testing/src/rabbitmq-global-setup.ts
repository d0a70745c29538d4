import { createServer } from 'node:http';
import type { TestProject } from 'vitest/node';
import { type PrivateRabbit, startPrivateRabbit } from './private-rabbit.ts';
// For the type of what is provided.
import type {} from './rabbitmq.ts';

/**
 * One RabbitMQ for the whole run, started when the first test file asks for it: a run without such files does not
 * wait for it. It belongs to this process, which outlives the workers; they ask over HTTP on loopback.
 */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  let starting: Promise<PrivateRabbit> | undefined;
  const server = createServer((_, response) => {
    starting ??= startPrivateRabbit();
    starting.then(
      (rabbit) => response.end(rabbit.url),
      (err: unknown) => response.writeHead(500).end(String(err)),
    );
  });
  const port = await new Promise<number>((resolve) => {
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      resolve(typeof address === 'object' && address ? address.port : 0);
    });
  });
  project.provide('rabbitPort', port);
  return async () => {
    server.closeAllConnections();
    server.close();
    await starting?.then((rabbit) => rabbit.stop()).catch(() => {});
  };
}
