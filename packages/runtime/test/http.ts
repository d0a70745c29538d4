import { createConnection } from 'node:net';
import type { Problem } from '@tradepost/contracts/problem';
import { pino } from 'pino';
import type { Registry } from 'prom-client';
import { type App, type AppOptions, createApp } from '../src/app.ts';
import { createHttpServer, type HttpLimits, type HttpServer } from '../src/http-server.ts';
import { createShedder } from '../src/shedding.ts';

/** A problem document as it was answered. */
export type AnsweredProblem = { status: number; headers: Headers; problem: Problem & Record<string, unknown> };

const limits: HttpLimits = {
  keepAliveTimeoutMs: 5000,
  headersTimeoutMs: 5000,
  requestTimeoutMs: 5000,
  maxRequestsPerSocket: 0,
  maxConnections: 100,
};

/** An app that listens on loopback, as `startService` starts it, but without a database. */
export async function listeningApp(
  routes: (app: App) => void,
  o: Partial<AppOptions> & { limits?: Partial<HttpLimits>; metrics?: Registry } = {},
): Promise<{ url: string; server: HttpServer; close(): Promise<void> }> {
  const log = o.log ?? pino({ level: 'silent' });
  const server = createHttpServer({ ...limits, ...o.limits }, log);
  // A slow machine is no reason to refuse requests.
  const shedder = createShedder({ maxInFlight: 1000, maxEventLoopDelayMs: 0 });
  const app = await createApp({ name: 'test', shedder, ...o, log, server });
  routes(app);
  await app.ready();
  server.connect(app.routing);
  await server.listen({ port: 0, host: '127.0.0.1' });
  return {
    url: server.url(),
    server,
    close: async () => {
      await server.close(0);
      await app.close();
    },
  };
}

/** Asks, and reads the problem document that is answered. */
export async function problemOf(url: string, init?: RequestInit): Promise<AnsweredProblem> {
  const response = await fetch(url, init);
  const problem = await response.json();
  // as: whether it is one is what tests look at.
  return { status: response.status, headers: response.headers, problem: problem as AnsweredProblem['problem'] };
}

/** `init` of a request with a JSON body. */
export function json(body: unknown, init: RequestInit = {}): RequestInit {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  return { method: 'POST', ...init, headers: { 'content-type': 'application/json', ...init.headers }, body: text };
}

/** Sends bytes on a bare connection and reads until it is closed. */
export function sendRaw(url: string, bytes: string | Buffer): Promise<string> {
  return new Promise((resolve, reject) => {
    const { hostname, port } = new URL(url);
    const socket = createConnection({ host: hostname, port: Number(port) }, () => socket.write(bytes));
    let text = '';
    socket.setEncoding('utf8');
    socket.on('data', (chunk: string) => {
      text += chunk;
    });
    socket.on('close', () => resolve(text));
    socket.on('error', reject);
  });
}
