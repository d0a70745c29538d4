import { setTimeout as sleep } from 'node:timers/promises';
import { ProblemError } from '@tradepost/contracts/problem-error';
import { sql } from '@tradepost/postgres/db';
import { newEvent, outbox } from '@tradepost/postgres/outbox';
import { uuidv7 } from '@tradepost/postgres/uuid';
import { Type } from 'typebox';
import { commonSettings, identitySettings } from '../src/common-settings.ts';
import { requireIdentity, requireRole } from '../src/identity.ts';
import { problemResponses } from '../src/schema.ts';
import { defineService } from '../src/service.ts';
import { openEventStream } from '../src/sse.ts';
import { currentTraceparent } from '../src/trace.ts';

const insert = sql('note.insert', 'insert into note (text) values ($1) returning id');
const list = sql('note.list', 'select text from note order by id');

const Note = Type.Object({ text: Type.String({ minLength: 1 }) });

/** A small service that does a bit of everything, for the tests of this package. */
export const notesService = defineService({
  name: 'notes',
  settings: Type.Object({ ...commonSettings, ...identitySettings, GREETING: Type.String({ default: 'hello' }) }),
  migrations: new URL('./migrations/', import.meta.url),
  // Long: the routes of one small service
  create({ pool, settings, log }) {
    return {
      http(app) {
        app.post(
          '/api/v1/notes',
          {
            config: { idempotent: false },
            schema: {
              operationId: 'writeNote',
              tags: ['notes'],
              body: Note,
              response: { 201: Type.Object({ id: Type.Integer() }), ...problemResponses('conflict') },
            },
          },
          async (request, reply) => {
            const { accountId } = requireIdentity(request);
            const traceparent = currentTraceparent();
            const id = await pool.transaction(async (tx) => {
              const { rows } = await tx.query<{ id: number }>(insert([request.body.text]));
              const data = { accountId, role: 'customer' } as const;
              const type = 'account.changed.v1';
              await outbox.add(tx, newEvent({ source: 'notes', type, subject: accountId, data, traceparent }));
              return rows[0]?.id ?? 0;
            });
            log.info({ id }, 'note written');
            reply.code(201);
            return { id };
          },
        );
        app.get(
          '/api/v1/notes',
          {
            config: { auth: 'none' },
            schema: { operationId: 'listNotes', tags: ['notes'], response: { 200: Type.Array(Note) } },
          },
          async () => (await pool.query<{ text: string }>(list())).rows,
        );
        app.get(
          '/api/v1/greeting',
          { config: { auth: 'none' }, schema: { operationId: 'greet', response: { 200: Type.String() } } },
          () => settings.GREETING,
        );
        app.get(
          '/api/v1/slow',
          {
            config: { auth: 'none' },
            schema: {
              operationId: 'slow',
              querystring: Type.Object({ ms: Type.Integer({ minimum: 0 }) }),
              response: { 200: Type.String() },
            },
          },
          async (request) => {
            await sleep(request.query.ms);
            return 'done';
          },
        );
        app.get(
          '/api/v1/secret',
          { schema: { operationId: 'secret', response: { 200: Type.String(), ...problemResponses('forbidden') } } },
          (request) => requireRole(request, 'seller').accountId,
        );
        app.get('/api/v1/stream', { config: { auth: 'none' }, schema: { operationId: 'stream' } }, (request, reply) => {
          const stream = openEventStream(request, reply, { heartbeatMs: 50 });
          const last = Number(stream.lastEventId ?? 0);
          void stream.send({ id: String(last + 1), event: 'tick', data: { after: last, text: 'two\nlines' } });
        });
      },
      handlers: {
        async 'order.placed.v1'(tx, events) {
          for (const { data } of events) {
            if (data.total.amount === 13) throw new ProblemError('unprocessable', 'Thirteen is not accepted');
            await tx.query(insert([`order ${data.orderId}`]));
            const accountId = data.customerId;
            const data2 = { accountId, role: 'customer' } as const;
            await outbox.add(
              tx,
              newEvent({ source: 'notes', type: 'account.changed.v1', subject: uuidv7(), data: data2 }),
            );
          }
        },
      },
    };
  },
});
