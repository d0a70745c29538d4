import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';
import { ProblemError } from '@tradepost/contracts/problem-error';
import type { App } from '@tradepost/runtime/app';
import type { FastifyReply, FastifyRequest, RouteGenericInterface } from 'fastify';
import { type Static, Type } from 'typebox';
import type { ShopPages } from '../actions/shop-pages.ts';
import type { Sitemap } from '../actions/sitemap.ts';
import { chooseEncoding } from '../domain/accept-encoding.ts';
import { isIdentified } from '../domain/credential.ts';
import { pathOf } from '../domain/routing.ts';
import type { Encoding, ShopFile, ShopPage, StaticSite } from '../shop/static-site.ts';

const open = { config: { auth: 'none' }, schema: { hide: true } } as const;
type Open = typeof open.config;

const HOUR = 3600;
const YEAR = 365 * 24 * HOUR;

/** What Stripe's form in the page needs, by https://docs.stripe.com/security/guide#content-security-policy. */
const stripe = {
  scripts: ['https://js.stripe.com', 'https://*.js.stripe.com'],
  frames: ['https://js.stripe.com', 'https://*.js.stripe.com', 'https://hooks.stripe.com'],
  connections: ['https://api.stripe.com'],
};
const noForm: typeof stripe = { scripts: [], frames: [], connections: [] };

/**
 * What the shop may do in a browser: nothing but use its own files and this API, show pictures of the hosts named, and load Stripe's
 * form where that is allowed.
 */
function policyOf(pictures: readonly string[], isStripeAllowed: boolean): string {
  const { scripts, frames, connections } = isStripeAllowed ? stripe : noForm;
  return [
    "default-src 'none'",
    ["script-src 'self'", ...scripts].join(' '),
    "style-src 'self'",
    ["img-src 'self'", ...pictures].join(' '),
    "font-src 'self'",
    ["connect-src 'self'", ...connections].join(' '),
    ...(frames.length > 0 ? [`frame-src ${frames.join(' ')}`] : []),
    "manifest-src 'self'",
    "base-uri 'none'",
    "form-action 'self'",
    "frame-ancestors 'none'",
  ].join('; ');
}

export type ShopOptions = {
  shop: StaticSite;
  pages: ShopPages;
  sitemap: Sitemap;
  /** Where clients reach the shop; without it, where this one did. */
  origin: string | undefined;
  /** Hosts beside this one whose pictures the shop may show, as origins. */
  pictures: ReadonlySet<string>;
  /** Whether the shop may load Stripe's form. */
  isStripeAllowed: boolean;
};

const Params = Type.Record(Type.String(), Type.String());

/** The web shop: its files, its page for each address that it knows, and the same with 404 for all that nobody knows. */
export function shopRoutes(app: App, o: ShopOptions): void {
  const policy = policyOf([...o.pictures], o.isStripeAllowed);
  for (const [address, file] of o.shop.files) {
    app.get<RouteGenericInterface, Open>(address, open, (request, reply) =>
      sendFile(request, withPolicy(reply, policy), file),
    );
  }
  for (const page of o.shop.pages) pageRoute(app, page, { pages: o.pages, policy });
  searchEngineRoutes(app, o);
  app.get('/*', open, (request, reply) => {
    const isPage = request.headers.accept?.includes('text/html') && !isForPrograms(pathOf(request.url));
    if (!isPage) throw new ProblemError('not_found', 'There is nothing at this address');
    return sendHtml(request, withPolicy(reply.code(404), policy), o.pages.unknown);
  });
}

const withPolicy = (reply: FastifyReply, policy: string) => reply.header('content-security-policy', policy);

function pageRoute(app: App, page: ShopPage, { pages, policy }: { pages: ShopPages; policy: string }): void {
  const options = { ...open, schema: { hide: true, params: Params } } as const;
  // `/sell/*` is `/sell` too.
  const paths = page.path.endsWith('/*') ? [page.path, page.path.slice(0, -2)] : [page.path];
  for (const path of paths) {
    app.get<{ Params: Static<typeof Params> }, Open>(path, options, async (request, reply) => {
      const { url, params, headers } = request;
      const at = { path: pathOf(url), params, isSignedIn: isIdentified(headers) };
      const { status, html } = await pages.render(page, at);
      return sendHtml(request, withPolicy(reply.code(status), policy), html);
    });
  }
}

function searchEngineRoutes(app: App, { sitemap, origin, shop }: ShopOptions): void {
  const originOf = (request: FastifyRequest) => origin ?? `${request.protocol}://${request.host}`;
  const hidden = shop.pages
    .filter(({ indexed }) => !indexed)
    .map(({ path }) => `Disallow: ${path.split(/[:*]/, 1)[0]}\n`);
  app.get('/robots.txt', open, (request, reply) => {
    reply.header('cache-control', `public, max-age=${HOUR}`).type('text/plain; charset=utf-8');
    return reply.send(
      `User-agent: *\nDisallow: /api/\n${[...new Set(hidden)].join('')}\nSitemap: ${originOf(request)}/sitemap.xml\n`,
    );
  });
  app.get('/sitemap.xml', open, async (request, reply) => {
    const text = await sitemap.read(originOf(request));
    if (text === undefined) throw new ProblemError('unavailable', 'The catalogue does not answer', { retryAfter: 5 });
    return reply.header('cache-control', `public, max-age=${HOUR}`).type('application/xml; charset=utf-8').send(text);
  });
}

const isForPrograms = (path: string): boolean => /^\/api(\/|$)|\.[a-z0-9]+$/i.test(path);

function sendFile(request: FastifyRequest, reply: FastifyReply, file: ShopFile): FastifyReply {
  reply.header('cache-control', file.immutable ? `public, max-age=${YEAR}, immutable` : `public, max-age=${HOUR}`);
  reply.header('etag', file.etag).header('vary', 'accept-encoding');
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
  reply.header('cache-control', 'no-cache').header('vary', 'accept-encoding');
  reply.header('cross-origin-opener-policy', 'same-origin').type('text/html; charset=utf-8');
  const encoding = chooseEncoding(request.raw.headers['accept-encoding']?.toString());
  if (encoding === undefined) return reply.send(html);
  return reply.header('content-encoding', encoding).send(await encoders[encoding](html));
}
