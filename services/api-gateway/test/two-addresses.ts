import { startGateway, type TestGateway } from './gateway.ts';
import { type FakeService, fakeService } from './upstreams.ts';

/** What the services say of their operations: the gateway goes by nothing else. */
const declared = {
  openapi: '3.1.0',
  paths: {
    '/api/v1/orders': {
      get: {},
      put: { 'x-idempotency': 'always' },
      post: { 'x-idempotency': 'with-key' },
      patch: { 'x-idempotency': 'never' },
      delete: {},
    },
    '/api/v1/orders/{id}/cancel': { post: { 'x-idempotency': 'always' } },
    '/api/v1/orders/{id}/keys': { post: { 'x-idempotency': 'never' } },
  },
};

const named =
  (name: string): FakeService['handler'] =>
  (_request, response) => {
    response.end(name);
  };

type Overrides = Parameters<typeof startGateway>[0];

/** A gateway with `order` at two addresses: `gateway.order` is the first. Each answers with its name. */
export async function startTwoAddresses(): Promise<{ gateway: TestGateway; second: FakeService }> {
  const second = await fakeService(named('second'));
  const first = await fakeService(named('first'));
  for (const service of [first, second]) service.openapi = declared;
  return { gateway: await startInFrontOf(first, second), second };
}

/** A gateway in front of these two addresses of `order`. */
export async function startInFrontOf(
  first: FakeService,
  second: FakeService,
  overrides: Overrides = {},
): Promise<TestGateway> {
  const gateway = await startGateway({ ORDER_URL: `${first.url},${second.url}`, ...overrides });
  await gateway.order.kill();
  return Object.assign(gateway, { order: first });
}

/** The sum of a counter in the metrics of the gateway. */
export async function counterOf(gateway: TestGateway, name: string): Promise<number> {
  const text = await (await fetch(`${gateway.service.managementUrl}/metrics`)).text();
  return [...text.matchAll(new RegExp(`^${name}(?:\\{[^}]*\\})? (\\d+)$`, 'gm'))].reduce(
    (sum, [, n]) => sum + Number(n),
    0,
  );
}
