import { startService, type TestService } from '@tradepost/testing/service';
import { gatewaySettingsForSlowMachines } from '@tradepost/testing/time-limits';
import { apiGatewayService } from '../src/service.ts';
import { type FakeAuth, type FakeService, fakeAuth, fakeService } from './upstreams.ts';

/** A gateway with a stand-in for each service behind it. */
export type TestGateway = {
  readonly url: string;
  readonly service: TestService;
  readonly auth: FakeAuth;
  readonly product: FakeService;
  readonly order: FakeService;
  readonly notification: FakeService;
  stop(): Promise<void>;
};

type Overrides = Record<string, string | number | boolean>;

export async function startGateway(overrides: Overrides = {}): Promise<TestGateway> {
  const [auth, product, order, notification] = await Promise.all([
    fakeAuth(),
    fakeService(),
    fakeService(),
    fakeService(),
  ]);
  const service = await startService(apiGatewayService, {
    AUTH_URL: auth.url,
    PRODUCT_URL: product.url,
    ORDER_URL: order.url,
    NOTIFICATION_URL: notification.url,
    RATE_LIMIT_ADDRESS: 'off',
    RATE_LIMIT_IDENTITY: 'off',
    RATE_LIMIT_SIGN_IN: 'off',
    ...gatewaySettingsForSlowMachines,
    ...overrides,
  });
  return {
    url: service.url,
    service,
    auth,
    product,
    order,
    notification,
    async stop() {
      await service.stop();
      await Promise.all([auth.close(), product.kill(), order.kill(), notification.kill()]);
    },
  };
}
