import { ProblemError } from '@tradepost/contracts/problem-error';
import { Id, Time } from '@tradepost/contracts/shapes';
import type { App } from '@tradepost/runtime/app';
import { decodeCursor, encodeCursor } from '@tradepost/runtime/cursor';
import { etagOf, ifMatch } from '@tradepost/runtime/precondition';
import { problemResponses } from '@tradepost/runtime/schema';
import { Type } from 'typebox';
import { deleteRule, putRule, type RulesContext } from '../../actions/change-rules.ts';
import { MAX_AUTOMATIC_PROMOTIONS, promotionKind } from '../../actions/rule-kinds.ts';
import { listPromotions, type PromotionFilter, promotions } from '../../store/rules/promotions.ts';
import * as requests from '../request-schemas.ts';
import * as schemas from './rule-schemas.ts';
import { promotionView, readPromotion } from './rule-views.ts';

const tags = ['pricing'];
const PATH = '/api/v1/admin/order/promotions';

const PromotionQuery = Type.Object(
  {
    q: Type.Optional(Type.String({ minLength: 1, maxLength: 100, description: 'Part of the code or the name' })),
    state: Type.Optional(
      Type.Union([Type.Literal('active'), Type.Literal('ended'), Type.Literal('all')], {
        description:
          '`active`: switched on and not ended, also where it starts later. `ended`: the others. `all` by default.',
      }),
    ),
    limit: Type.Integer({ minimum: 1, maximum: 100, default: 24 }),
    cursor: Type.Optional(Type.String({ maxLength: 200 })),
  },
  { additionalProperties: false },
);
const Cursor = Type.Tuple([Time, Id]);

/** Discounts by a code, or for everybody. */
export function promotionRoutes(app: App, ctx: RulesContext): void {
  listPromotionsRoute(app, ctx);
  getPromotionRoute(app, ctx);
  putPromotionRoute(app, ctx);
  deletePromotionRoute(app, ctx);
}

function listPromotionsRoute(app: App, ctx: RulesContext): void {
  app.get(
    PATH,
    {
      config: { permission: 'promotions:read' },
      schema: {
        operationId: 'listPromotions',
        summary: 'List promotions, newest first',
        tags,
        querystring: PromotionQuery,
        response: {
          200: Type.Object({
            items: Type.Array(schemas.Promotion),
            nextCursor: Type.Union([Type.String(), Type.Null()]),
          }),
          ...problemResponses('forbidden', 'invalid_cursor'),
        },
      },
    },
    async (request) => {
      const { q: text, state = 'all', limit, cursor } = request.query;
      const [createdAt, id] = cursor === undefined ? [] : decodeCursor(Cursor, cursor);
      const before: PromotionFilter['before'] = createdAt && id ? { createdAt, id } : undefined;
      // One more than the page has tells whether there is a next one.
      const found = await listPromotions(ctx.pool, { text, state, at: ctx.now(), before, limit: limit + 1 });
      const items = found.slice(0, limit);
      const last = found.length > limit ? items.at(-1) : undefined;
      return {
        items: items.map(promotionView),
        nextCursor: last ? encodeCursor([last.createdAt.toISOString(), last.id]) : null,
      };
    },
  );
}

function getPromotionRoute(app: App, ctx: RulesContext): void {
  app.get(
    `${PATH}/:id`,
    {
      config: { permission: 'promotions:read' },
      schema: {
        operationId: 'getPromotion',
        summary: 'Get a promotion',
        description: 'The ETag is of what operators write; `used` changes without it.',
        tags,
        params: requests.ById,
        response: { 200: schemas.Promotion, ...problemResponses('forbidden', 'not_found') },
      },
    },
    async (request, reply) => {
      const promotion = await promotions.find(ctx.pool, request.params.id);
      if (!promotion) throw new ProblemError('not_found', `There is no promotion ${request.params.id}`);
      return reply.header('etag', etagOf(promotion.version)).send(promotionView(promotion));
    },
  );
}

function putPromotionRoute(app: App, ctx: RulesContext): void {
  app.put(
    `${PATH}/:id`,
    {
      config: { permission: 'promotions:write', idempotent: true },
      schema: {
        operationId: 'savePromotion',
        summary: 'Create or replace a promotion',
        description:
          `${schemas.SAVED_BY_ID} At most ${MAX_AUTOMATIC_PROMOTIONS} promotions without a code are switched on. A limit below ` +
          '`used` means that the promotion cannot be used any more.',
        tags,
        params: requests.ById,
        headers: schemas.IfMatch,
        body: schemas.NewPromotion,
        response: {
          200: schemas.Promotion,
          201: schemas.Promotion,
          ...problemResponses(
            ...(['forbidden', 'precondition_required', 'version_conflict'] as const),
            ...(['promotion_code_taken', 'unprocessable'] as const),
          ),
        },
      },
    },
    async (request, reply) => {
      const promotion = readPromotion(request.params.id, request.body);
      const precondition = ifMatch(request.headers['if-match']);
      const { stored, created } = await putRule(ctx, promotionKind, promotion, precondition);
      return reply
        .code(created ? 201 : 200)
        .header('etag', etagOf(stored.version))
        .send(promotionView(stored));
    },
  );
}

function deletePromotionRoute(app: App, ctx: RulesContext): void {
  app.delete(
    `${PATH}/:id`,
    {
      config: { permission: 'promotions:write', idempotent: true },
      schema: {
        operationId: 'deletePromotion',
        summary: 'Delete a promotion',
        description: 'One that orders have used cannot be deleted (`conflict`): switch it off instead.',
        tags,
        params: requests.ById,
        response: { 204: Type.Null(), ...problemResponses('forbidden', 'conflict') },
      },
    },
    async (request, reply) => {
      await deleteRule(ctx, promotionKind, request.params.id);
      return reply.code(204).send(null);
    },
  );
}
