import type { FastifyReply } from 'fastify';

const entities: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };

export const escapeHtml = (text: string): string => text.replace(/[&<>"']/g, (character) => entities[character] ?? '');

/**
 * A mail inside a page. The sandbox runs no script and lets no form be sent; links open in a new tab. What the page's policy forbids is
 * forbidden in the mail too.
 */
export const mailFrame = (html: string, title: string): string =>
  `<iframe sandbox="allow-popups allow-popups-to-escape-sandbox" title="${escapeHtml(title)}" srcdoc="${escapeHtml(html)}"></iframe>`;

const style = `body{font:16px/1.5 system-ui,sans-serif;margin:2rem auto;max-width:60rem;padding:0 1rem;color-scheme:light dark}
table{border-collapse:collapse;width:100%}th,td{text-align:left;padding:.3rem .6rem;border-bottom:1px solid #8886;vertical-align:top}
iframe{width:100%;height:40rem;border:1px solid #8886;background:#fff}pre{white-space:pre-wrap;overflow-wrap:anywhere}`;

/** No script, nothing from elsewhere but pictures. Styles are inline in mails. */
const POLICY =
  "default-src 'none'; style-src 'unsafe-inline'; img-src http: https: data:; base-uri 'none'; form-action 'none'; frame-ancestors 'self'";

/** Sends a page; `body` is HTML. */
export function sendPage(
  reply: FastifyReply,
  o: { title: string; body: string; refreshSeconds?: number },
): FastifyReply {
  const refresh = o.refreshSeconds === undefined ? '' : `<meta http-equiv="refresh" content="${o.refreshSeconds}">`;
  return reply
    .headers({ 'content-security-policy': POLICY, 'cache-control': 'no-store', 'referrer-policy': 'no-referrer' })
    .type('text/html; charset=utf-8')
    .send(
      `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">${refresh}` +
        `<title>${escapeHtml(o.title)}</title><style>${style}</style></head><body><h1>${escapeHtml(o.title)}</h1>${o.body}</body></html>`,
    );
}
