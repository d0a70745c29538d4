import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import fastifyStatic from '@fastify/static';
import { problems } from '@tradepost/contracts/problem';
import { ProblemError } from '@tradepost/contracts/problem-error';
import type { App } from '@tradepost/runtime/app';
import type { FastifyReply } from 'fastify';
import { Type } from 'typebox';
import type { ReferenceText } from '../actions/api-reference.ts';
import { docsPage, docsScript, type Page } from './docs-page.ts';
import { dataPolicy } from './security-headers.ts';
import { type ShopOptions, shopRoutes } from './shop-routes.ts';

export type PageOptions = {
  asyncapi: ReferenceText;
  publicUrl: string | undefined;
  /** The web shop; without one, `/` leads to the reference. */
  shop: ShopOptions | undefined;
  mediaDir: string | undefined;
};

const open = { config: { auth: 'none' }, schema: { hide: true } } as const;

/** The rest of a path, after a prefix. */
const Rest = Type.Object({ '*': Type.String() });

const HOUR = 3600;

/** The pages and files that the gateway serves by itself. */
export async function pageRoutes(app: App, o: PageOptions): Promise<void> {
  const swaggerUi = join(dirname(fileURLToPath(import.meta.resolve('@fastify/swagger-ui'))), 'static');
  // `preCompressed`: where there is a file.gz or file.br beside a file, it is sent to those who take it.
  const options = { serve: false, dotfiles: 'ignore', cacheControl: false, preCompressed: true } as const;
  await app.register(fastifyStatic, { root: swaggerUi, ...options });
  app.get('/asyncapi.json', open, (_request, reply) => sendDocument(reply, o.asyncapi));
  problemRoute(app);
  docsRoutes(app, o, swaggerUi);
  if (o.mediaDir !== undefined) mediaRoute(app, o.mediaDir);
  if (o.shop !== undefined) shopRoutes(app, o.shop);
  else app.get('/', open, (_request, reply) => reply.redirect('/docs', 302));
}

/** Sends a document that is the same for everybody, with an ETag by which a client need not load it again. */
export function sendDocument(reply: FastifyReply, text: ReferenceText): FastifyReply {
  reply.header('etag', text.etag).header('cache-control', 'public, max-age=60');
  reply.header('content-security-policy', dataPolicy);
  return reply.type('application/json; charset=utf-8').send(text.body);
}

/** The `type` of a problem document is an address, and at the address is what it means. */
function problemRoute(app: App): void {
  const Params = Type.Object({ code: Type.String() });
  app.get('/problems/:code', { ...open, schema: { hide: true, params: Params } }, (request, reply) => {
    const { code } = request.params;
    const problem = Object.entries(problems).find(([known]) => known === code)?.[1];
    if (problem === undefined) throw new ProblemError('not_found', 'There is no such problem');
    return reply.header('cache-control', `public, max-age=${HOUR}`).send({ code, ...problem });
  });
}

function docsRoutes(app: App, o: PageOptions, directory: string): void {
  const page = docsPage(o.publicUrl === undefined ? undefined : new URL(o.publicUrl).origin);
  const files = new Set(['swagger-ui.css', 'index.css', 'swagger-ui-bundle.js', 'favicon-32x32.png']);
  const Params = Type.Object({ file: Type.String() });
  app.get('/docs', open, (_request, reply) => sendPage(reply, page));
  app.get('/docs/', open, (_request, reply) => reply.redirect('/docs', 308));
  app.get('/docs/:file', { ...open, schema: { hide: true, params: Params } }, (request, reply) => {
    const { file } = request.params;
    reply.header('cache-control', `public, max-age=${HOUR}`);
    if (file === 'start.js') return reply.type('text/javascript; charset=utf-8').send(docsScript);
    if (!files.has(file)) throw new ProblemError('not_found', 'There is nothing at this address');
    return reply.sendFile(file, directory);
  });
}

/** Pictures and the like. Nothing in them may act, whoever put them there: an SVG can hold a script. */
function mediaRoute(app: App, directory: string): void {
  app.get('/media/*', { ...open, schema: { hide: true, params: Rest } }, (request, reply) => {
    reply.header('content-security-policy', "sandbox; default-src 'none'; style-src 'unsafe-inline'");
    // A picture may be redrawn under its name: after an hour its ETag is asked for.
    reply.header('cache-control', `public, max-age=${HOUR}`);
    return reply.sendFile(request.params['*'], directory);
  });
}

function sendPage(reply: FastifyReply, { html, policy }: Page): FastifyReply {
  return reply.header('content-security-policy', policy).type('text/html; charset=utf-8').send(html);
}
