import { ProblemError } from '@tradepost/contracts/problem-error';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Logger } from 'pino';
import { isSchema } from './json-schema.ts';
import { problemResponse, reasonOf, toProblemError } from './problem.ts';
import { pathOf } from './request-instrumentation.ts';
import { stateOf } from './request-state.ts';
import { targetProblemOf } from './request-target.ts';
import { invalid } from './validation.ts';

/** Answers whatever is thrown, and whatever no route matches, with a problem document. */
export function handleErrors(
  app: Pick<FastifyInstance, 'setErrorHandler' | 'setNotFoundHandler' | 'addHook'>,
  log: Logger,
) {
  const routes = createMethodFinder();
  app.addHook('onRoute', (route) => routes.add(route.url, [route.method].flat()));
  app.setErrorHandler((error, request, reply) => {
    const problemError = withAllFieldErrors(withAcceptedTypes(toProblemError(error), request), error, request);
    if (problemError.code === 'internal') {
      log.error({ err: error, requestId: request.id, traceId: stateOf(request).traceId }, 'a request failed');
    } else if (problemError.status >= 500 && problemError.code !== 'overloaded') {
      log.warn(
        { reason: reasonOf(problemError.cause ?? error), requestId: request.id, code: problemError.code },
        'a request could not be served',
      );
    }
    return answerProblem(request, reply, problemError);
  });
  app.setNotFoundHandler((request, reply) => {
    const problem = targetProblemOf(request.raw);
    if (problem !== undefined) return answerProblem(request, reply, problem);
    const allowed = routes.allowed(pathOf(request.url));
    // A route that has the method found nothing itself: a file that is not there, say.
    if (allowed.length === 0 || allowed.includes(request.method))
      return answerProblem(request, reply, new ProblemError('not_found', 'There is nothing at this address'));
    const methods = allowed.join(', ');
    reply.header('allow', methods);
    return answerProblem(request, reply, new ProblemError('method_not_allowed', `Use ${methods}`));
  });
}

function answerProblem(request: FastifyRequest, reply: FastifyReply, problemError: ProblemError): FastifyReply {
  stateOf(request).problemCode = problemError.code;
  const answer = problemResponse(problemError, { requestId: request.id, path: pathOf(request.url) });
  return reply.code(answer.status).headers(answer.headers).send(answer.body);
}

/** A Content-Type that Fastify cannot read reaches no parser of the route, which would say what to send. */
function withAcceptedTypes(problemError: ProblemError, request: FastifyRequest): ProblemError {
  const { cause } = problemError;
  const isOfFastify = cause instanceof Error && 'code' in cause && cause.code === 'FST_ERR_CTP_INVALID_MEDIA_TYPE';
  const body: unknown = request.routeOptions.schema?.body;
  if (!isOfFastify || !isSchema(body) || !isSchema(body.content)) return problemError;
  const types = Object.keys(body.content).join(' or ');
  return new ProblemError(problemError.code, `Send the body as ${types}, with that Content-Type`, { cause });
}

const PARTS = [
  ['params', 'params'],
  ['body', 'body'],
  ['querystring', 'query'],
  ['headers', 'headers'],
] as const;

/** Fastify stops at the first part of a request that is not valid; whoever mends it wants to know of the others too. */
function withAllFieldErrors(problemError: ProblemError, error: unknown, request: FastifyRequest): ProblemError {
  const context =
    typeof error === 'object' && error !== null && 'validationContext' in error && error.validationContext;
  if (problemError.code !== 'validation_failed' || !context) return problemError;
  const rest = PARTS.slice(PARTS.findIndex(([part]) => part === context) + 1);
  const more = rest.flatMap(([part, property]) => {
    const outcome: unknown = request.getValidationFunction(part)?.(request[property] ?? null);
    const failed = typeof outcome === 'object' && outcome !== null && 'error' in outcome && outcome.error;
    return failed instanceof ProblemError ? (failed.errors ?? []) : [];
  });
  return more.length === 0 ? problemError : invalid([...(problemError.errors ?? []), ...more]);
}

/** Finds which methods a path has, for 405: only asked for paths that no route of the request's method matches. */
function createMethodFinder(): { add(url: string, methods: string[]): void; allowed(path: string): string[] } {
  const routes = new Map<string, { pattern: RegExp; methods: Set<string> }>();
  return {
    add(url, methods) {
      // A route for all that nobody else answers says nothing about which paths exist.
      if (url === '*' || url === '/*') return;
      const route = routes.get(url) ?? { pattern: patternOf(url), methods: new Set() };
      for (const method of methods) route.methods.add(method);
      routes.set(url, route);
    },
    allowed(path) {
      const matching = [...routes.values()].filter((route) => route.pattern.test(path));
      return [...new Set(matching.flatMap((route) => [...route.methods]))].sort();
    },
  };
}

function patternOf(url: string): RegExp {
  const escaped = url.replace(/[.+?^${}()|[\]\\]/g, '\\$&');
  return new RegExp(`^${escaped.replaceAll('*', '.*').replace(/:[A-Za-z0-9_]+/g, '[^/]+')}$`);
}
