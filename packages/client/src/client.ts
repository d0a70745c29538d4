import createFetchClient, { type Client, type Middleware } from 'openapi-fetch';
import type { paths } from './schema.ts';

export type ClientOptions = {
  /** Where the gateway is: `https://shop.example`. */
  baseUrl: string;
  /** The session token, access token or API key to send; asked for before each request, so that it may change. */
  token?: () => string | undefined;
  /** Replaces the global `fetch`. */
  fetch?: (request: Request) => Promise<Response>;
};

/**
 * A client of the public API, typed by its OpenAPI document: `await client.POST('/api/v1/orders', { headers, body })`
 * gives `{ data }`, or `{ error }` with the problem document (RFC 9457). It throws only when there was no answer.
 */
export function createClient(o: ClientOptions): Client<paths> {
  const client = createFetchClient<paths>({ baseUrl: o.baseUrl, ...(o.fetch ? { fetch: o.fetch } : {}) });
  const authorize: Middleware = {
    onRequest({ request }) {
      const token = o.token?.();
      if (token) request.headers.set('authorization', `Bearer ${token}`);
      return request;
    },
  };
  client.use(authorize);
  return client;
}
