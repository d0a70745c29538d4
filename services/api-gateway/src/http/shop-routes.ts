import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';
import { Refusal } from '@tradepost/contracts/refusal';
import type { App } from '@tradepost/runtime/app';
import type { FastifyReply, FastifyRequest, RouteGenericInterface } from 'fastify';
import { chooseEncoding } from '../domain/accept-encoding.ts';
import { pathOf } from '../domain/routing.ts';
import type { BuiltShop, Encoding, ShopFile, ShopPage } from '../shop/built-shop.ts';

const open = { config: { auth: 'none' }, schema: { hide: true } } as const;
type Open = typeof open.config;

const HOUR = 3600;
const YEAR = 365 * 24 * HOUR;

/** What the shop may do in a browser: nothing but use its own files and this API. Nothing inline, nobody else's. */
const policy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self'",
  "font-src 'self'",
  "connect-src 'self'",
  "manifest-src 'self'",
  "base-uri 'none'",
  "form-action 'self'",
  "frame-ancestors 'none'",
].join('; ');

/** The web shop: its files, its page for each address that it knows, and the same with 404 for all that nobody knows. */
export function shopRoutes(app: App, shop: BuiltShop): void {
  for (const [address, file] of shop.files) {
    app.get<RouteGenericInterface, Open>(address, open, (request, reply) => sendFile(request, reply, file));
  }
  for (const page of shop.pages) {
    const html = htmlOf(shop.html, page);
    const send = (request: FastifyRequest, reply: FastifyReply) => sendHtml(request, reply, html);
    app.get<RouteGenericInterface, Open>(page.path, open, send);
    // `/sell/*` is `/sell` too.
    if (page.path.endsWith('/*')) app.get<RouteGenericInterface, Open>(page.path.slice(0, -2), open, send);
  }
  app.get('/*', open, (request, reply) => {
    const isPage = request.headers.accept?.includes('text/html') && !isForPrograms(pathOf(request.url));
    if (!isPage) throw new Refusal('not_found', 'There is nothing at this address');
    return sendHtml(request, reply.code(404), shop.html);
  });
}

const isForPrograms = (path: string): boolean => /^\/api(\/|$)|\.[a-z0-9]+$/i.test(path);

/** Names what a page loads beside what all do, so that a browser need not find out step by step. */
function htmlOf(html: string, { scripts, styles }: ShopPage): string {
  const links = [
    ...styles.map((file) => `<link rel="stylesheet" crossorigin href="${file}">`),
    ...scripts.map((file) => `<link rel="modulepreload" crossorigin href="${file}">`),
  ];
  return html.replace('</head>', () => `${links.join('')}</head>`);
}

function sendFile(request: FastifyRequest, reply: FastifyReply, file: ShopFile): FastifyReply {
  reply.header('cache-control', file.immutable ? `public, max-age=${YEAR}, immutable` : `public, max-age=${HOUR}`);
  reply.header('etag', file.etag).header('vary', 'accept-encoding').header('content-security-policy', policy);
  if (request.headers['if-none-match'] === file.etag) return reply.code(304).send();
  const encoding = chooseEncoding(request.raw.headers['accept-encoding']?.toString());
  const encoded = encoding && file.encoded[encoding];
  if (encoded) reply.header('content-encoding', encoding);
  return reply.type(file.type).send(encoded ?? file.content);
}

const encoders: Readonly<Record<Encoding, (text: string) => Promise<Buffer>>> = {
  // As small as the gzip of most servers, and quicker: the page is made anew for each who asks.
  br: (text) => promisify(brotliCompress)(text, { params: { [constants.BROTLI_PARAM_QUALITY]: 4 } }),
  gzip: (text) => promisify(gzip)(text),
};

async function sendHtml(request: FastifyRequest, reply: FastifyReply, html: string): Promise<FastifyReply> {
  reply.header('cache-control', 'no-cache').header('vary', 'accept-encoding').header('content-security-policy', policy);
  reply.header('cross-origin-opener-policy', 'same-origin').type('text/html; charset=utf-8');
  const encoding = chooseEncoding(request.raw.headers['accept-encoding']?.toString());
  if (encoding === undefined) return reply.send(html);
  return reply.header('content-encoding', encoding).send(await encoders[encoding](html));
}
