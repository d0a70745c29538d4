import { ProblemError } from '@tradepost/contracts/problem-error';
import type { App } from '@tradepost/runtime/app';
import type { RouteGenericInterface } from 'fastify';
import { proxiedPaths } from '../domain/routing.ts';
import { createIngressHook, type IngressOptions } from './ingress-hook.ts';
import { createProxy, type ProxyOptions } from './proxy.ts';

/**
 * Every method that a client may try: the service behind knows whether the path exists (404) and which methods it has (405
 * with `Allow`), the gateway does not.
 */
const ownMethods = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'TRACE', 'QUERY'];
const otherMethods = [
  'COPY',
  'LINK',
  'LOCK',
  'MKCOL',
  'MOVE',
  'PROPFIND',
  'PROPPATCH',
  'PURGE',
  'REPORT',
  'SEARCH',
  'UNLINK',
  'UNLOCK',
];
const methods = [...ownMethods, ...otherMethods];

/** Puts the ingress before every route, and the proxy behind the paths of the services. */
export function proxyRoutes(app: App, o: { ingress: IngressOptions; proxy: ProxyOptions }): void {
  app.addHook('onRequest', createIngressHook(o.ingress));
  const onRequest = createProxy(o.proxy);
  for (const method of otherMethods) app.addHttpMethod(method, { hasBody: true });
  for (const url of proxiedPaths()) {
    app.route<RouteGenericInterface, typeof config>({
      method: [...methods],
      url,
      config,
      schema: { hide: true },
      onRequest,
      handler: notPassedOn,
    });
  }
}

/** The service behind checks the token, and declares what is idempotent. */
const config = { auth: 'none', idempotent: false } as const;

/** The proxy has answered, or refused, before a handler is reached. */
function notPassedOn(): never {
  throw new ProblemError('internal', 'The request was not passed on');
}
