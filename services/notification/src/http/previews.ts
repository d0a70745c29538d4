import { type Locale, locales } from '@tradepost/contracts/locales';
import type { App } from '@tradepost/runtime/app';
import { problemResponses } from '@tradepost/runtime/schema';
import type { FastifyReply } from 'fastify';
import { Type } from 'typebox';
import type { Context } from '../actions/context.ts';
import { documentOf } from '../domain/document-of.ts';
import type { MailContent } from '../domain/mail.ts';
import { sampleMails } from '../domain/sample-mails.ts';
import { renderDocument } from '../templates/render.ts';
import { escapeHtml, mailFrame, sendPage } from './html-page.ts';

/** All templates in all languages on one page, with made-up data and the settings of this shop. */
export function previewRoute(app: App, ctx: Context): void {
  app.get(
    '/api/v1/admin/notification/previews',
    {
      config: { permission: 'mails:read' },
      schema: {
        operationId: 'previewMails',
        summary: 'A page with each kind of mail in each language',
        tags: ['operations'],
        response: {
          200: { description: 'A page', content: { 'text/html': { schema: Type.String() } } },
          ...problemResponses('forbidden'),
        },
      },
    },
    async (_request, reply) => {
      return sendPreviews(ctx, reply);
    },
  );
}

async function sendPreviews(ctx: Context, reply: FastifyReply): Promise<FastifyReply> {
  const parts: string[] = [];
  for (const content of sampleMails) for (const locale of locales) parts.push(await preview(ctx, content, locale));
  return sendPage(reply, { title: 'Mail templates', body: parts.join('') });
}

async function preview({ branding }: Context, content: MailContent, locale: Locale): Promise<string> {
  const mail = { content, locale, recipient: 'ada@example.com', recipientName: 'Ada Lovelace' };
  const document = documentOf(mail, {
    branding,
    tokens: { account: 'sample', guest: 'sample', unsubscribe: 'sample' },
  });
  const { subject, html, text } = await renderDocument(document, { locale, branding });
  const name = `${content.kind}, ${locale}`;
  return `<h2>${escapeHtml(name)}</h2><p>${escapeHtml(subject)}</p>${mailFrame(html, name)}<details><summary>Text</summary><pre>${escapeHtml(text)}</pre></details>`;
}
