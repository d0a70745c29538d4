import { Refusal } from '@tradepost/contracts/refusal';
import type { App } from '@tradepost/runtime/app';
import type { RouteGenericInterface } from 'fastify';
import { proxiedPaths } from '../domain/routing.ts';
import { createEdge, type EdgeOptions } from './edge.ts';
import { createProxy, type ProxyOptions } from './proxy.ts';

/** Puts the edge before every route, and the proxy behind the paths of the services. */
export function proxyRoutes(app: App, o: { edge: EdgeOptions; proxy: ProxyOptions }): void {
  app.addHook('onRequest', createEdge(o.edge));
  const onRequest = createProxy(o.proxy);
  for (const url of proxiedPaths()) {
    app.route<RouteGenericInterface, typeof config>({
      method: ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'],
      url,
      config,
      schema: { hide: true },
      onRequest,
      handler: notPassedOn,
    });
  }
}

/** The service behind looks at the token. */
const config = { auth: 'none' } as const;

/** The proxy has answered, or refused, before a handler is reached. */
function notPassedOn(): never {
  throw new Refusal('internal', 'The request was not passed on');
}
