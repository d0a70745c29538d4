import { createServer, type ServerResponse } from 'node:http';
import { ProblemError } from '@tradepost/contracts/problem-error';
import { uuidv7 } from '@tradepost/postgres/uuid';
import type { Registry } from 'prom-client';
import { listenOn, urlOf } from './listen.ts';
import { problemResponse, sendProblem } from './problem.ts';
import type { Readiness } from './readiness.ts';

/** The server of the management port. */
export type ManagementServer = {
  listen(o: { port: number; host: string }): Promise<void>;
  url(): string;
  close(): Promise<void>;
};

/**
 * Serves `/livez` (200 as long as the process answers: it looks at nothing else, since a restart mends nothing else),
 * `/readyz` (see `Readiness`) and `/metrics` (Prometheus). Not for the outside.
 */
export function createManagementServer(o: { readiness: Readiness; metrics: Registry }): ManagementServer {
  const routes: Record<string, (response: ServerResponse) => Promise<void> | void> = {
    '/livez': (response) => sendJson(response, 200, { status: 'ok' }),
    '/readyz': async (response) => {
      const report = await o.readiness.report();
      sendJson(response, report.ready ? 200 : 503, report);
    },
    '/metrics': async (response) => {
      const text = await o.metrics.metrics();
      response.writeHead(200, { 'content-type': o.metrics.contentType }).end(text);
    },
  };
  const server = createServer((request, response) => {
    const route = routes[request.url?.split('?')[0] ?? ''];
    if (!route)
      return answerProblem(response, new ProblemError('not_found', `Here are ${Object.keys(routes).join(', ')}`));
    if (request.method !== 'GET' && request.method !== 'HEAD') {
      response.setHeader('allow', 'GET, HEAD');
      return answerProblem(response, new ProblemError('method_not_allowed', 'Use GET'));
    }
    // A probe that fails in an unforeseen way is a failed probe.
    Promise.resolve(route(response)).catch(() =>
      answerProblem(response, new ProblemError('internal', 'The probe failed')),
    );
  });
  return {
    listen: (address) => listenOn(server, address),
    url: () => urlOf(server),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function sendJson(response: ServerResponse, status: number, body: unknown): void {
  const text = JSON.stringify(body);
  response.writeHead(status, {
    'content-type': 'application/json; charset=utf-8',
    'content-length': Buffer.byteLength(text),
    'cache-control': 'no-store',
  });
  response.end(text);
}

function answerProblem(response: ServerResponse, problem: ProblemError): void {
  if (response.headersSent) response.destroy();
  else sendProblem(response, problemResponse(problem, { requestId: uuidv7() }));
}
