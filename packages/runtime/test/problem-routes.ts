import { ProblemError } from '@tradepost/contracts/problem-error';
import { Quantity, Sku } from '@tradepost/contracts/shapes';
import { DatabaseUnavailable } from '@tradepost/postgres/unavailable';
import { Type } from 'typebox';
import type { App } from '../src/app.ts';

const config = { auth: 'none', idempotent: false } as const;

const Line = Type.Object({ sku: Sku, quantity: Quantity });
const Order = Type.Object({
  lines: Type.Array(Line, { minItems: 1 }),
  note: Type.Optional(Type.String({ maxLength: 20 })),
  speed: Type.Optional(Type.Union([Type.Literal('slow'), Type.Literal('fast')])),
  gift: Type.Optional(Type.Union([Line, Type.Null()])),
});

/** Routes that read requests by schemas. */
function readingRoutes(app: App): void {
  app.post(
    '/api/v1/orders',
    { config, bodyLimit: 1024 * 1024, schema: { ...operation('placeOrder'), body: Order } },
    (request) => request.body,
  );
  app.get(
    '/api/v1/orders/:id',
    {
      config,
      schema: {
        ...operation('getOrder'),
        params: Type.Object({ id: Type.String({ format: 'uuid' }) }),
        querystring: Type.Object({ limit: Type.Integer({ minimum: 1, maximum: 10, default: 5 }) }),
        headers: Type.Object({ 'X-Depth': Type.Optional(Type.Integer()) }),
      },
    },
    (request) => ({ limit: request.query.limit, id: request.params.id }),
  );
  app.post(
    '/api/v1/orders/:id/lines',
    {
      config,
      schema: {
        ...operation('addLine'),
        params: Type.Object({ id: Type.Integer() }),
        querystring: Type.Object({ dry: Type.Optional(Type.Boolean()) }),
        body: Line,
      },
    },
    () => ({}),
  );
  app.post('/api/v1/cancel', { config, schema: operation('cancel') }, () => ({ cancelled: true }));
  app.post(
    '/api/v1/large',
    { config, bodyLimit: 64, schema: { ...operation('large'), body: Type.Unknown() } },
    () => ({}),
  );
}

/** Routes that answer with an error. */
function failingRoutes(app: App): void {
  app.get('/api/v1/refused', { config, schema: operation('refused') }, () => {
    throw new ProblemError('price_changed', 'It is 12.00 now', { extra: { total: { amount: 1200, currency: 'EUR' } } });
  });
  app.get('/api/v1/limited', { config, schema: operation('limited') }, () => {
    throw new ProblemError('rate_limited', 'Slow down', { retryAfter: 7 });
  });
  app.get('/api/v1/broken', { config, schema: operation('broken') }, () => {
    throw new Error('the password is hunter2');
  });
  app.get('/api/v1/away', { config, schema: operation('away') }, () => {
    throw Object.assign(new Error('connect ECONNREFUSED 10.1.2.3:5432'), { code: 'ECONNREFUSED' });
  });
  app.get('/api/v1/lost', { config, schema: operation('lost') }, () => {
    throw new DatabaseUnavailable('The connection was lost', { cause: new Error('x'), outcomeUnknown: true });
  });
  const zipped = { ...config, contentEncodings: ['gzip'] };
  app.post('/api/v1/zipped', { config: zipped, schema: operation('zipped') }, () => ({}));
  app.delete('/api/v1/orders/:id', { config, schema: operation('deleteOrder') }, () => ({}));
}

const operation = (operationId: string) => ({ operationId, tags: ['test'] });

/** One route for each kind of problem. */
export function problemRoutes(app: App): void {
  readingRoutes(app);
  failingRoutes(app);
}
