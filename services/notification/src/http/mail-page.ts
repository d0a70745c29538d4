import type { App } from '@tradepost/runtime/app';
import type { Context } from '../actions/context.ts';
import { mailPage, requireMail } from '../actions/manage-mails.ts';
import { messageIdOf, renderMail } from '../actions/render-mail.ts';
import { escapeHtml, mailFrame, sendPage } from './html-page.ts';
import * as schemas from './schemas.ts';

const SHOWN = 100;
const open = { config: { auth: 'none' }, schema: { hide: true } } as const;

/** All mails for everybody, with their links: in the local run, which has no mail server. */
export function mailPageRoutes(app: App, ctx: Context): void {
  app.get('/mail', open, async (_request, reply) => {
    const { items } = await mailPage(ctx, {}, { before: null, limit: SHOWN });
    const rows = items.map(({ mail, subject }) =>
      [
        `<a href="/mail/${mail.id}">${escapeHtml(subject)}</a>`,
        escapeHtml(mail.recipient ?? ''),
        mail.status,
        mail.createdAt.toISOString().slice(0, 19).replace('T', ' '),
      ]
        .map((cell) => `<td>${cell}</td>`)
        .join(''),
    );
    const head = '<tr><th>Subject</th><th>To</th><th>Status</th><th>Written (UTC)</th></tr>';
    const body =
      rows.length === 0
        ? '<p>No mail has been written yet.</p>'
        : `<table>${head}${rows.map((row) => `<tr>${row}</tr>`).join('')}</table>`;
    return sendPage(reply, { title: 'Mails', body, refreshSeconds: 5 });
  });

  app.get('/mail/:id', { ...open, schema: { hide: true, params: schemas.ById } }, async (request, reply) => {
    const mail = await requireMail(ctx, request.params.id);
    const { subject, html, text } = await renderMail(ctx, mail);
    const headers = [
      ['To', `${mail.recipientName} <${mail.recipient ?? ''}>`],
      ['Message-ID', messageIdOf(ctx, mail)],
      ['Status', mail.status],
      ['Kind', mail.content.kind],
    ].map(([name = '', value = '']) => `<tr><th>${name}</th><td>${escapeHtml(value)}</td></tr>`);
    const body = `<p><a href="/mail">All mails</a></p><table>${headers.join('')}</table>${mailFrame(html, subject)}<h2>Text</h2><pre>${escapeHtml(text)}</pre>`;
    return sendPage(reply, { title: subject, body });
  });
}
