import { once } from 'node:events';
import { type ClientRequest, request as httpRequest, type IncomingMessage, type RequestOptions } from 'node:http';
import { startGateway, type TestGateway } from './gateway.ts';
import { echo } from './upstreams.ts';

/** A gateway that gives up early on a service that is silent. */
export const startImpatientGateway = (): Promise<TestGateway> =>
  startGateway({
    UPSTREAM_TIMEOUT_MS: 300,
    UPSTREAM_WAIT_TIMEOUT_MS: 20_000,
    UPSTREAM_IDLE_TIMEOUT_MS: 300,
  });

/** Has the services answer as usual again, and forgets what they have seen. */
export function resetServices(gateway: TestGateway): void {
  gateway.product.seen.length = 0;
  gateway.order.seen.length = 0;
  gateway.product.handler = echo;
  gateway.order.handler = echo;
  gateway.product.intercept = undefined;
}

/** Begins a request over a connection of its own. */
export function sendTo(url: string, options: RequestOptions = {}): ClientRequest {
  return httpRequest(url, { agent: false, ...options });
}

export async function answerTo(request: ClientRequest): Promise<IncomingMessage> {
  const [response] = await once(request, 'response');
  return response;
}

export async function textOf(response: IncomingMessage): Promise<string> {
  let text = '';
  for await (const chunk of response) text += chunk;
  return text;
}

/** True once `count` has gone up, and has been the same for ten looks at it. */
export function isSteady(count: () => number): () => boolean {
  let last = 0;
  let same = 0;
  return () => {
    same = count() === last && last > 0 ? same + 1 : 0;
    last = count();
    return same >= 10;
  };
}
