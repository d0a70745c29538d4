import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { ProblemError } from '@tradepost/contracts/problem-error';
import { uuidv7 } from '@tradepost/postgres/uuid';
import { type FastifyHttpOptions, type FastifyInstance, fastify, LogController } from 'fastify';
import type { Logger } from 'pino';
import type { Registry } from 'prom-client';
import type { App } from './app-type.ts';
import { handleErrors } from './error-handler.ts';
import { createHttpMetrics } from './http-metrics.ts';
import { parseJson } from './json.ts';
import { type ApiDescription, documentApi } from './openapi.ts';
import { problemResponse, sendProblem, toProblemError } from './problem.ts';
import { createRequestInstrumentation } from './request-instrumentation.ts';
import { rewriteTarget } from './request-target.ts';
import { addRouteHooks } from './route-hooks.ts';
import { createSerializerCompiler } from './serialization.ts';
import { createShedder, type Shedder } from './shedding.ts';
import type { TokenVerifier } from './token-verifier.ts';
import { createValidatorCompiler } from './validation.ts';

export type { App } from './app-type.ts';

export type AppOptions = {
  name: string;
  log: Logger;
  /** Where requests come from; without one the app has a server of its own, as for `app.inject` and `app.listen`. */
  server?: { connect(handler: (request: IncomingMessage, response: ServerResponse) => void): Server };
  /** Without one, no route can ask for an identity. */
  verifier?: TokenVerifier | undefined;
  metrics?: Registry;
  /** Aborted when the service is about to stop: answers then ask for their connections to be closed. */
  closing?: AbortSignal;
  /** Aborted when the service stops accepting: streams end then. */
  draining?: AbortSignal;
  shedder?: Shedder;
  api?: ApiDescription;
};

/** Bytes that a route accepts as its body, unless it has a `bodyLimit`. The OpenAPI document says so for each. */
const DEFAULT_BODY_LIMIT = 16 * 1024;

const SANE_REQUEST_ID = /^[A-Za-z0-9._-]{8,128}$/;

/**
 * Makes the HTTP server of a service: strict validation (bodies are not coerced and may have no field that the schema
 * does not name, unless it says `additionalProperties: true`; query, path and headers are coerced), problem documents for
 * every error, request ids and traces, access tokens (`config: { auth: 'required' | 'optional' | 'none' }`; required by
 * default), declared idempotency (`config: { idempotent: true | false | 'key' }` of every route whose method is not safe), load
 * shedding, and OpenAPI 3.1 at `/openapi.json`.
 */
export async function createApp(o: AppOptions): Promise<App> {
  const { log, server } = o;
  const shedder = o.shedder ?? createShedder({ maxInFlight: 1000, maxEventLoopDelayMs: 1000 });
  const metrics = o.metrics && createHttpMetrics(o.metrics, shedder);
  const instrumentation = createRequestInstrumentation({ name: o.name, log, shedder, metrics });
  const options: FastifyHttpOptions<Server> = {
    ...(server && { serverFactory: (handler) => server.connect(handler) }),
    // Lines carry their ids by themselves (log.ts), so a child logger for each request would be waste.
    childLoggerFactory: () => log,
    logController: new LogController({ disableRequestLogging: true }),
    genReqId: requestId,
    requestIdHeader: false,
    rewriteUrl: rewriteTarget,
    bodyLimit: DEFAULT_BODY_LIMIT,
    routerOptions: { maxParamLength: 256 },
    // The server closes by itself what is to be closed; until then whatever arrives is answered.
    return503OnClosing: false,
    schemaController: { compilersFactory: compilers() },
    frameworkErrors(error, request, reply) {
      const problem = toProblemError(error);
      reply.hijack();
      sendProblem(reply.raw, problemResponse(problem, { requestId: request.id }));
      instrumentation.rejected({ method: request.method, url: request.url, requestId: request.id }, problem.status);
    },
  };
  const app: App = fastify(options);
  app.log = log;
  app.decorate(DRAINING, o.draining ?? new AbortController().signal);
  app.decorate(SHEDDER, shedder);
  app.addHook('onRequest', instrumentation.begin);
  app.addHook('onSend', (_request, reply, _payload, done) => {
    if (o.closing?.aborted) reply.header('connection', 'close');
    done();
  });
  acceptJson(app);
  handleErrors(app, log);
  app.addHook('onRoute', (route) => addRouteHooks(route, o));
  await documentApi(app, { name: o.name, ...o.api });
  return app;
}

const DRAINING = Symbol('tradepost.draining');
const SHEDDER = Symbol('tradepost.shedder');

/** Aborted when the service begins to shut down. */
export function drainingOf(app: FastifyInstance): AbortSignal {
  return app.getDecorator<AbortSignal>(DRAINING);
}

/** What counts the requests in flight. */
export function shedderOf(app: FastifyInstance): Shedder {
  return app.getDecorator<Shedder>(SHEDDER);
}

type Compilers = NonNullable<NonNullable<FastifyHttpOptions<Server>['schemaController']>['compilersFactory']>;

/** Given as factories, since Fastify would else load compilers of its own, only for them to be replaced. */
function compilers(): Compilers {
  const factories = { buildValidator: createValidatorCompiler, buildSerializer: createSerializerCompiler };
  // as: Fastify types these after Ajv's own compilers, but calls them with a route definition, as its manual says.
  return factories as unknown as Compilers;
}

function requestId(request: IncomingMessage): string {
  const given = request.headers['x-request-id'];
  return typeof given === 'string' && SANE_REQUEST_ID.test(given) ? given : uuidv7();
}

function acceptJson(app: App): void {
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('application/json', { parseAs: 'buffer' }, (request, body: Buffer, done) => {
    // Clients send the content type along with nothing, too; a schema for the body refuses that by itself.
    if (body.length === 0) {
      if (!request.routeOptions.schema?.body) done(null, undefined);
      else done(new ProblemError('malformed_json', 'A body is required'));
      return;
    }
    try {
      done(null, parseJson(body));
    } catch (error) {
      done(error instanceof Error ? error : new TypeError('The body could not be parsed'));
    }
  });
}
