import type { App } from '@tradepost/runtime/app';
import { requireIdentity } from '@tradepost/runtime/identity';
import { problemResponses, StringEnum } from '@tradepost/runtime/schema';
import { Type } from 'typebox';
import type { Context } from '../actions/context.ts';
import { changeMailSettings, readMailSettings, unsubscribe } from '../actions/mail-settings.ts';
import { optionalKinds } from '../domain/optional-mails.ts';

const tags = ['accounts'];
const strict = { additionalProperties: false };
const path = '/api/v1/mail/unsubscribe';

const MailSettings = Type.Object(
  {
    new_order: Type.Boolean({ description: 'Somebody has bought something of the account' }),
    low_stock: Type.Boolean({ description: 'An order has left few units of something of the account' }),
  },
  strict,
);
const WithToken = Type.Object(
  { token: Type.String({ pattern: '^[A-Za-z0-9._-]{1,200}$', description: 'The token of the link in the mail' }) },
  strict,
);

/** Which mails somebody gets: their own settings, and the link in a mail that ends mails of its kind. */
export function mailSettingsRoutes(app: App, ctx: Context): void {
  app.get(
    '/api/v1/mail/settings',
    {
      schema: {
        operationId: 'getMailSettings',
        summary: 'Which mails you get that you can do without',
        tags,
        response: { 200: MailSettings, ...problemResponses('unauthenticated') },
      },
    },
    (request) => readMailSettings(ctx, requireIdentity(request).accountId),
  );

  app.put(
    '/api/v1/mail/settings',
    {
      config: { idempotent: true },
      schema: {
        operationId: 'replaceMailSettings',
        summary: 'Say which mails you want',
        description: 'Mails about orders that you have placed, and about your account and its safety, are always sent.',
        tags,
        body: MailSettings,
        response: { 200: MailSettings, ...problemResponses('unauthenticated') },
      },
    },
    async (request) => {
      const { accountId } = requireIdentity(request);
      await changeMailSettings(ctx, accountId, request.body);
      return readMailSettings(ctx, accountId);
    },
  );
  app.register(async (scope: App) => unsubscribeRoutes(scope, ctx));
}

/**
 * One-click unsubscribe (RFC 8058). A mail program posts a form, whose content says nothing that the address does not say. Only POST
 * unsubscribes: programs that scan mails open every link with GET, which leads to a page with a button.
 */
function unsubscribeRoutes(app: App, ctx: Context): void {
  const forms = ['application/x-www-form-urlencoded', 'multipart/form-data'];
  app.addContentTypeParser(forms, { parseAs: 'buffer' }, (_request, _body, done) => done(null, undefined));
  app.post(
    path,
    {
      config: { auth: 'none', idempotent: true },
      bodyLimit: 4096,
      schema: {
        operationId: 'unsubscribe',
        summary: 'Get no more mails of the kind that the link was in',
        description:
          'For mail programs, by the headers `List-Unsubscribe` and `List-Unsubscribe-Post` (RFC 8058), and for the page of the link. ' +
          'The token is enough; the response is the same whatever was wanted before.',
        tags,
        querystring: WithToken,
        response: {
          200: Type.Object({ kind: StringEnum(optionalKinds) }),
          ...problemResponses('link_not_valid'),
        },
      },
    },
    async (request) => ({ kind: (await unsubscribe(ctx, request.query.token)).kind }),
  );

  openPageRoute(app, ctx);
}

function openPageRoute(app: App, ctx: Context): void {
  app.get(
    path,
    {
      config: { auth: 'none' },
      schema: {
        operationId: 'openUnsubscribePage',
        summary: 'Go to the page of the link, which asks before anything changes',
        description:
          'For mail programs that open the link of `List-Unsubscribe`. The token is looked at when the button of the page is pressed.',
        tags,
        querystring: WithToken,
        response: { 303: Type.Null({ description: 'The page is at `Location`' }) },
      },
    },
    (request, reply) => {
      // The fragment is in no log.
      reply.redirect(`${ctx.branding.publicUrl}/unsubscribe#token=${request.query.token}`, 303);
    },
  );
}
