import { LineInput } from '@tradepost/contracts/input';
import { Id } from '@tradepost/contracts/shapes';
import type { App } from '@tradepost/runtime/app';
import { etagOf, ifMatch } from '@tradepost/runtime/precondition';
import { problemResponses } from '@tradepost/runtime/schema';
import { Type } from 'typebox';
import { MAX_SYNONYM_GROUPS, MAX_SYNONYM_WORDS, putSynonyms, removeSynonyms } from '../actions/change-synonyms.ts';
import type { Context } from '../actions/context.ts';
import { allSynonyms } from '../store/synonyms.ts';
import * as schemas from './schemas.ts';

const tags = ['catalogue'];
const PATH = '/api/v1/admin/product/synonyms';

const terms = Type.Array(LineInput(60), {
  minItems: 2,
  maxItems: 10,
  uniqueItems: true,
  description: `Words or phrases of at most ${MAX_SYNONYM_WORDS} words that mean the same in searches`,
  examples: [['sofa', 'couch']],
});
const NewSynonyms = Type.Object({ terms }, { additionalProperties: false });
const Synonyms = Type.Object({
  id: Id,
  version: Type.Integer({ minimum: 1, description: 'Incremented with each change; also the ETag' }),
  terms: Type.Array(Type.String()),
});

/** Words that mean the same in searches, for operators. */
export function synonymRoutes(app: App, ctx: Context): void {
  listSynonymsRoute(app, ctx);
  putSynonymsRoute(app, ctx);
  deleteSynonymsRoute(app, ctx);
}

function listSynonymsRoute(app: App, ctx: Context): void {
  app.get(
    PATH,
    {
      config: { permission: 'catalogue:read' },
      schema: {
        operationId: 'listSynonyms',
        summary: 'List synonyms: groups of words that mean the same in searches',
        tags,
        response: { 200: Type.Object({ items: Type.Array(Synonyms) }), ...problemResponses('forbidden') },
      },
    },
    async () => {
      return { items: await allSynonyms(ctx.pool) };
    },
  );
}

function putSynonymsRoute(app: App, ctx: Context): void {
  app.put(
    `${PATH}/:id`,
    {
      config: { permission: 'catalogue:write', idempotent: true },
      schema: {
        operationId: 'saveSynonyms',
        summary: 'Create or replace a group of synonyms',
        description:
          'The id is the client’s to make (a UUID), so that the same sent twice is created once. To replace what is there, send its ' +
          'ETag as `If-Match`; a change that has been made already is answered 200 whatever the version is. A search for one of ' +
          'the terms also finds products that have another. All instances of the service know it within half a minute. ' +
          `At most ${MAX_SYNONYM_GROUPS} groups are kept.`,
        tags,
        params: schemas.ById,
        headers: schemas.IfMatch,
        body: NewSynonyms,
        response: {
          200: Synonyms,
          201: Synonyms,
          ...problemResponses('forbidden', 'precondition_required', 'version_conflict', 'unprocessable'),
        },
      },
    },
    async (request, reply) => {
      const { terms } = request.body;
      const precondition = ifMatch(request.headers['if-match']);
      const { group, isNew } = await putSynonyms(ctx, request.params.id, terms, precondition);
      return reply
        .code(isNew ? 201 : 200)
        .header('etag', etagOf(group.version))
        .send(group);
    },
  );
}

function deleteSynonymsRoute(app: App, ctx: Context): void {
  app.delete(
    `${PATH}/:id`,
    {
      config: { permission: 'catalogue:write', idempotent: true },
      schema: {
        operationId: 'deleteSynonyms',
        summary: 'Delete a group of synonyms',
        tags,
        params: schemas.ById,
        response: { 204: Type.Null({ description: 'It is gone' }), ...problemResponses('forbidden') },
      },
    },
    async (request, reply) => {
      await removeSynonyms(ctx, request.params.id);
      return reply.code(204).send(null);
    },
  );
}
