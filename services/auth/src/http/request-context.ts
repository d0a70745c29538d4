import { isSafe } from '@tradepost/contracts/idempotency';
import { ProblemError } from '@tradepost/contracts/problem-error';
import { preferredLocale } from '@tradepost/runtime/accept-language';
import { forwardedAddresses, plainAddress } from '@tradepost/runtime/client-address';
import { readCookie } from '@tradepost/runtime/credentials';
import { isOriginAllowed } from '@tradepost/runtime/request-origin';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Requester } from '../actions/context.ts';

/** What of a request the routes look at, given how the service is reached. */
export type RequestContext = {
  requester(request: Pick<FastifyRequest, 'headers' | 'socket'>): Requester;
  /** An `onRequest` hook that refuses what another site's page sends in the name of its visitor. */
  guardOrigin(request: FastifyRequest, reply: FastifyReply, done: (err?: Error) => void): void;
};

export function createRequestContext(o: {
  hops: number;
  cookieName: string;
  trustedOrigins: readonly string[];
}): RequestContext {
  const { hops, cookieName } = o;
  const trusted = new Set(o.trustedOrigins.map((origin) => new URL(origin).origin));
  return {
    requester: ({ headers, socket }) => ({
      authorization: headers.authorization,
      cookie: headers.cookie,
      address:
        forwardedAddresses(textOf(headers['x-forwarded-for']), hops)?.[0] ??
        plainAddress(socket.remoteAddress ?? '') ??
        '',
      userAgent: headers['user-agent']?.slice(0, 400),
      locale: preferredLocale(headers['accept-language']),
    }),
    guardOrigin(request, _reply, done) {
      const { headers, method } = request;
      // Without the cookie there is nothing to abuse.
      if (isSafe(method) || readCookie(headers.cookie, cookieName) === undefined) {
        done();
        return;
      }
      const { origin } = headers;
      const fetchSite = textOf(headers['sec-fetch-site']);
      const host = (hops > 0 ? textOf(headers['x-forwarded-host']) : undefined) ?? headers.host;
      if (isOriginAllowed({ origin, fetchSite, host }, trusted)) done();
      else done(new ProblemError('origin_refused', 'With the session cookie, only pages of this site may do this'));
    },
  };
}

function textOf(header: string | string[] | undefined): string | undefined {
  return Array.isArray(header) ? header.join(',') : header;
}

/** Sends the cookies along with an answer, which nobody may keep. */
export function sendCookies(reply: FastifyReply, cookies: readonly string[]): void {
  reply.header('cache-control', 'no-store');
  for (const cookie of cookies) reply.header('set-cookie', cookie);
}
