import { hash } from 'node:crypto';
import swagger from '@fastify/swagger';
import { BODY_LIMIT_EXTENSION } from '@tradepost/contracts/body-limit';
import { IDEMPOTENCY_EXTENSION, isSafe } from '@tradepost/contracts/idempotency';
import { Problem, type ProblemCode } from '@tradepost/contracts/problem';
import type { FastifyReply, FastifyRequest, FastifySchema, RouteOptions } from 'fastify';
import type { App } from './app-type.ts';
import { idempotencyOf } from './idempotency.ts';
import { authOf } from './identity.ts';
import { enumerated, isSchema } from './json-schema.ts';
import { documentedPermission } from './route-permission.ts';
import { type ResponseObject, responsesOf } from './schema.ts';

/** What the API says about itself. */
export type ApiDescription = {
  title?: string;
  description?: string;
  version?: string;
  tags?: { name: string; description: string }[];
  /** Answers `/openapi.json` with another document than that of the app. */
  serve?: ((request: FastifyRequest, reply: FastifyReply) => FastifyReply) | undefined;
};

/** Serves the OpenAPI 3.1 document of the app at `/openapi.json`; register it before any route. */
export async function documentApi(app: App, o: ApiDescription & { name: string }): Promise<void> {
  const bodyLimits = new Map<string, number>();
  const bodyLimitOf = (route: RouteOptions) => route.bodyLimit ?? app.initialConfig.bodyLimit ?? 0;
  await app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: {
        title: o.title ?? `Tradepost ${o.name}`,
        version: o.version ?? '1',
        ...(o.description && { description: o.description }),
      },
      ...(o.tags && { tags: o.tags }),
      components: {
        securitySchemes: {
          bearer: {
            type: 'http',
            scheme: 'bearer',
            bearerFormat: 'JWT',
            description: 'A session token, an access token or an API key',
          },
        },
      },
    },
    transform: ({ schema, url, route }) => {
      // A body of other types than JSON is a stream, which no limit of ours ends.
      if (hasJsonBody(schema) && schema?.operationId) bodyLimits.set(schema.operationId, bodyLimitOf(route));
      return { schema: documented(schema, route), url };
    },
    transformObject: (document) => finished('openapiObject' in document ? document.openapiObject : {}, bodyLimits),
  });
  app.addHook('onRoute', requireOperationId);
  let text: string | undefined;
  app.get('/openapi.json', { config: { auth: 'none' }, schema: { hide: true } }, (request, reply) => {
    if (o.serve) return o.serve(request, reply);
    text ??= JSON.stringify(app.swagger());
    reply.header('etag', etagOf(text)).header('cache-control', 'public, max-age=60');
    return reply.type('application/json; charset=utf-8').send(text);
  });
}

const etagOf = (text: string): string => `"${hash('sha256', text, 'base64url').slice(0, 22)}"`;

/** Clients are generated from these names. */
function requireOperationId(route: RouteOptions): void {
  if (!route.url.startsWith('/api/') || route.schema?.hide) return;
  if (!route.schema?.operationId) throw new TypeError(`${route.method} ${route.url} has no schema.operationId`);
}

/** Adds what holds for every route: who may ask, and how it may fail. */
function documented(schema: FastifySchema | undefined, route: RouteOptions): FastifySchema {
  const auth = authOf(route.config);
  // A route that checks credentials by itself says so in its schema.
  const security = schema?.security ?? { required: [{ bearer: [] }], optional: [{ bearer: [] }, {}], none: [] }[auth];
  const codes: ProblemCode[] = ['internal', 'unavailable', 'overloaded'];
  if (schema?.body || schema?.querystring || schema?.params || schema?.headers) codes.unshift('validation_failed');
  if (schema?.body) codes.unshift('malformed_json', 'too_large', 'unsupported_media_type');
  if (auth !== 'none') codes.push('unauthenticated');
  const own: unknown = schema?.response;
  const response = { ...responsesOf(codes) };
  for (const [status, answer] of Object.entries(typeof own === 'object' && own !== null ? own : {})) {
    const common = response[Number(status)];
    const both = common && isProblemResponse(answer) ? `${answer.description}. ${common.description}` : undefined;
    response[Number(status)] = both ? { ...answer, description: both } : answer;
  }
  const isChange = ![route.method].flat().every(isSafe);
  const idempotency = isChange && { [IDEMPOTENCY_EXTENSION]: idempotencyOf(route) };
  return { ...schema, security, response, ...documentedPermission(route), ...idempotency };
}

function isProblemResponse(answer: unknown): answer is ResponseObject {
  return typeof answer === 'object' && answer !== null && 'content' in answer && 'description' in answer;
}

/**
 * Says once what a problem document is, writes unions of constants as `enum`, and says of every request body how many
 * bytes it may have.
 */
function finished(document: object, bodyLimits: ReadonlyMap<string, number>): object {
  const components = 'components' in document && typeof document.components === 'object' ? document.components : {};
  const schemas = { ...(components && 'schemas' in components ? Object(components.schemas) : {}), Problem };
  const shared = JSON.parse(JSON.stringify({ ...document, components: { ...components, schemas } }), (key, value) =>
    key === 'application/problem+json'
      ? { schema: { $ref: '#/components/schemas/Problem' } }
      : enumerated(withBodyLimit(value, bodyLimits)),
  );
  return shared;
}

/** An operation whose request body tells its limit, as `BODY_LIMIT_EXTENSION` and in words. Any other value is returned as it is. */
function withBodyLimit(value: unknown, bodyLimits: ReadonlyMap<string, number>): unknown {
  if (!isSchema(value) || typeof value.operationId !== 'string' || !isSchema(value.requestBody)) return value;
  const limit = bodyLimits.get(value.operationId);
  if (limit === undefined) return value;
  const { description, ...body } = value.requestBody;
  const words = `At most ${limit.toLocaleString('en')} bytes`;
  const text = typeof description === 'string' ? `${description}. ${words}` : words;
  return { ...value, requestBody: { description: text, [BODY_LIMIT_EXTENSION]: limit, ...body } };
}

function hasJsonBody(schema: FastifySchema | undefined): boolean {
  const body: unknown = schema?.body;
  return isSchema(body) && (!isSchema(body.content) || 'application/json' in body.content);
}
