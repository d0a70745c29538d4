import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { REVOCATIONS_PATH } from '@tradepost/contracts/revocations';
import { type TestIssuer, type TokenOptions, testIssuer } from '@tradepost/testing/tokens';

type Handler = (request: IncomingMessage, response: ServerResponse, body: string) => void | Promise<void>;

export type Seen = { method: string; url: string; headers: IncomingMessage['headers']; body: string };

/** A stand-in for a service behind the gateway: a bare HTTP server that can be taken away and brought back. */
export type FakeService = {
  readonly url: string;
  readonly seen: Seen[];
  /** What it says its API is, for whoever asks; the gateway does by itself, so that is not among what was `seen`. */
  openapi: object | undefined;
  /** Answers requests; `echo` at first. */
  handler: Handler;
  /** Called before the body is read, for those that are not to read it. */
  intercept: ((request: IncomingMessage, response: ServerResponse) => boolean) | undefined;
  /** Takes it away at once, with whatever it has in hand. */
  kill(): Promise<void>;
  /** Brings it back, on the same port. */
  revive(): Promise<void>;
};

/** Answers with what was asked. */
export const echo: Handler = (request, response, body) => {
  const { method, url, headers } = request;
  response.writeHead(200, { 'content-type': 'application/json', server: 'fake', 'x-powered-by': 'fake' });
  response.end(JSON.stringify({ method, url, headers, body }));
};

export async function fakeService(handler: Handler = echo): Promise<FakeService> {
  let server = listener();
  const port = await listen(server, 0);
  const service: FakeService = {
    url: `http://127.0.0.1:${port}`,
    seen: [],
    openapi: undefined,
    handler,
    intercept: undefined,
    kill: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
    async revive() {
      server = listener();
      await listen(server, port);
    },
  };

  function listener(): Server {
    return createServer((request, response) => {
      if (request.url === '/openapi.json') {
        response.writeHead(service.openapi ? 200 : 404).end(JSON.stringify(service.openapi));
        return;
      }
      if (service.intercept?.(request, response)) return;
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        const body = Buffer.concat(chunks).toString();
        if (request.url !== REVOCATIONS_PATH)
          service.seen.push({ method: request.method ?? '', url: request.url ?? '', headers: request.headers, body });
        void service.handler(request, response, body);
      });
    });
  }
  return service;
}

function listen(server: Server, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    // as: a server that listens on a port has an address of this kind.
    server.listen(port, '127.0.0.1', () => resolve((server.address() as AddressInfo).port));
  });
}

/** A stand-in for `auth`: knows sessions, by token or cookie, and exchanges them for access tokens. */
export type FakeAuth = FakeService & {
  readonly issuer: TestIssuer;
  readonly sessions: Map<string, TokenOptions>;
  /** Sessions of accounts that must set up a second factor first. */
  readonly withoutSecondFactor: Set<string>;
  /** What it lists as revoked in the last hour. */
  revocations: { sessionId: string; accountId: string; revokedAt: string }[];
  /** What it sets along with a token. */
  cookies: string[];
  /** How often a token was asked for. */
  exchanges(): number;
  close(): Promise<void>;
};

export async function fakeAuth(): Promise<FakeAuth> {
  const issuer = await testIssuer();
  const sessions = new Map<string, TokenOptions>();
  const withoutSecondFactor = new Set<string>();
  const service = await fakeService(async (request, response, body) => {
    const { url = '', headers } = request;
    if (url === '/api/v1/auth/jwks') {
      const keys = await fetch(issuer.jwksUrl);
      response.writeHead(keys.status, { 'content-type': 'application/json' }).end(await keys.text());
    } else if (url === REVOCATIONS_PATH) {
      response.writeHead(200, { 'content-type': 'application/json' });
      response.end(JSON.stringify({ items: auth.revocations }));
    } else if (url === '/api/v1/auth/token') {
      const credential = headers.authorization?.slice(7) ?? headers.cookie?.split('=')[1] ?? '';
      const session = sessions.get(credential);
      if (withoutSecondFactor.has(credential)) {
        response.writeHead(403, { 'content-type': 'application/problem+json' });
        response.end(JSON.stringify({ code: 'second_factor_not_set_up' }));
        return;
      }
      response.writeHead(session ? 200 : 401, { 'content-type': 'application/json', 'set-cookie': auth.cookies });
      response.end(JSON.stringify(session ? { token: issuer.token({ sessionId: credential, ...session }) } : {}));
    } else {
      await echo(request, response, body);
    }
  });
  const { kill } = service;
  const auth: FakeAuth = Object.assign(service, {
    issuer,
    sessions,
    withoutSecondFactor,
    cookies: [],
    revocations: [],
    exchanges: () => service.seen.filter(({ url }) => url === '/api/v1/auth/token').length,
    close: async () => {
      await kill();
      await issuer.close();
    },
  });
  return auth;
}
