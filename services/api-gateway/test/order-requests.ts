import type { TestGateway } from './gateway.ts';

export const bearer = (token: string) => ({ authorization: `Bearer ${token}` });
export const cookie = (token: string) => ({ cookie: `theme=dark; better-auth.session_token=${token}` });

/** Requests the orders with these headers. */
export const requestOrders = (gateway: TestGateway, headers: Record<string, string>, method = 'GET') =>
  fetch(`${gateway.url}/api/v1/orders`, { headers, method });

/** What the order service saw of the last request. */
export const arrivedHeaders = (gateway: TestGateway) => gateway.order.seen.at(-1)?.headers ?? {};
