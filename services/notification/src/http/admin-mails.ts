import { ProblemError } from '@tradepost/contracts/problem-error';
import type { App } from '@tradepost/runtime/app';
import { cursorReader, encodeCursor } from '@tradepost/runtime/cursor';
import { requireIdentity } from '@tradepost/runtime/identity';
import { problemResponses } from '@tradepost/runtime/schema';
import { Type } from 'typebox';
import type { Context } from '../actions/context.ts';
import { mailPage, readMail, resendMail } from '../actions/manage-mails.ts';
import { messageIdOf } from '../actions/render-mail.ts';
import { documentOf } from '../domain/document-of.ts';
import * as schemas from './schemas.ts';

const base = '/api/v1/admin/notification/mails';
const tags = ['operations'];
const readCursor = cursorReader(Type.Tuple([schemas.Uuid]));

/** The log of mails, for operators. */
export function adminMailRoutes(app: App, ctx: Context): void {
  app.get(
    base,
    {
      config: { permission: 'mails:read' },
      schema: {
        operationId: 'listMails',
        summary: 'List mails, newest first',
        tags,
        querystring: schemas.MailQuery,
        response: { 200: schemas.MailPage, ...problemResponses('forbidden', 'invalid_cursor') },
      },
    },
    async (request) => {
      const { cursor, limit = 50, ...filter } = request.query;
      const [before] = cursor === undefined ? [null] : readCursor(cursor);
      const { items, next } = await mailPage(ctx, filter, { before, limit });
      const views = items.map(({ mail, subject }) => schemas.mailView(mail, subject));
      return { items: views, nextCursor: next === null ? null : encodeCursor([next]) };
    },
  );

  app.get(
    `${base}/:id`,
    {
      config: { permission: 'mails:read' },
      schema: {
        operationId: 'getMail',
        summary: 'Get a mail as it is sent, without links that let somebody in',
        tags,
        params: schemas.ById,
        response: { 200: schemas.MailDetails, ...problemResponses('forbidden', 'not_found') },
      },
    },
    async (request) => {
      const { mail, rendered } = await readMail(ctx, request.params.id);
      const { subject, html, text } = rendered;
      return { ...schemas.mailView(mail, subject), messageId: messageIdOf(ctx, mail), html, text };
    },
  );
  resendRoute(app, ctx);
}

function resendRoute(app: App, ctx: Context): void {
  app.post(
    `${base}/:id/resend`,
    {
      config: { permission: 'mails:write', idempotent: 'key' },
      schema: {
        operationId: 'resendMail',
        summary: 'Send a mail again, as a new one',
        description: 'The mail of an order of an account goes to the address that the account has now.',
        tags,
        params: schemas.ById,
        headers: schemas.IdempotencyKey,
        response: {
          201: schemas.MailSummary,
          ...problemResponses(
            'forbidden',
            'not_found',
            'conflict',
            'idempotency_key_required',
            'idempotency_key_reused',
          ),
        },
      },
    },
    async (request, reply) => {
      const by = requireIdentity(request);
      const key = request.headers['idempotency-key'];
      if (key === undefined) throw keyRequired();
      const mail = await resendMail(ctx, by, request.params.id, key);
      reply.code(201);
      const document = documentOf({ ...mail, recipient: mail.recipient ?? '' }, { branding: ctx.branding, tokens: {} });
      return schemas.mailView(mail, document.subject);
    },
  );
}

const keyRequired = () =>
  new ProblemError('idempotency_key_required', 'The Idempotency-Key header is missing', {
    errors: [
      {
        field: 'Idempotency-Key',
        message: 'send a new random value for each mail, and the same one when you ask again',
      },
    ],
  });
