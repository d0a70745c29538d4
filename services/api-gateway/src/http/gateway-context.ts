import type { TLSSocket } from 'node:tls';
import { networkOf } from '@tradepost/runtime/client-address';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { RateLimiter } from '../actions/rate-limiter.ts';
import type { Caller, ResolvedCredential } from '../actions/resolved-credential.ts';
import { type Client, describeClient } from '../domain/client-address.ts';
import type { Credential } from '../domain/credential.ts';
import { findRoute, pathOf, type Route } from '../domain/routing.ts';
import { headerValue } from './header-value.ts';
import { securityHeaders } from './security-headers.ts';

/** The gateway's context of a request, which the ingress hook fills. */
export type GatewayContext = {
  client: Client;
  path: string;
  /** Undefined: it is for the gateway itself, or for nobody. */
  route: Route | undefined;
  /** What every answer to it carries besides its own headers, as names and values in turn. */
  added: string[];
  credential: { key: string; kind: Credential['kind'] } | undefined;
  caller: Caller | undefined;
  /** What its credential stands for; undefined where it is worth nothing, or is not looked at here. */
  known: Extract<ResolvedCredential, { kind: 'known' }> | undefined;
  /** The `Authorization` that goes on to a service. */
  authorization: string | undefined;
  /** The rate that it was held to, and by which key; undefined where that rate is off. */
  rate: { limiter: RateLimiter; key: string } | undefined;
  /** Refused for its rate: it has changed nothing, and a flood of it is not to fill the audit trail. */
  limited: boolean;
};

const CONTEXT = Symbol('api-gateway.request-context');

// as: Fastify types a decoration by augmenting its module for everybody; this one has no reader outside this folder.
type WithContext = { [CONTEXT]: GatewayContext };

export function gatewayContextOf(request: FastifyRequest): GatewayContext {
  return (request as unknown as WithContext)[CONTEXT];
}

export function setGatewayContext(request: FastifyRequest, context: GatewayContext): void {
  (request as unknown as WithContext)[CONTEXT] = context;
}

/** The account that asks, or the network where the account is not known. */
export function clientKey({ caller, client }: GatewayContext): string {
  return caller?.accountId ?? networkOf(client.address);
}

/** Gives an answer of the gateway's own the headers that every answer has. */
export function applyHeaders(reply: FastifyReply, { added }: GatewayContext): void {
  for (let i = 0; i + 1 < added.length; i += 2) {
    const name = added[i];
    if (name !== undefined) reply.header(name, added[i + 1]);
  }
}

/** The context of a request that has just arrived. `https`: clients reach the gateway by https, whatever the last connection is. */
export function newGatewayContext(request: FastifyRequest, o: { trustedHops: number; https: boolean }): GatewayContext {
  const { raw } = request;
  const { headers } = raw;
  const path = pathOf(raw.url ?? '');
  const client = describeClient(
    {
      remoteAddress: raw.socket.remoteAddress,
      // as: a plain socket has no such property, which is the answer.
      encrypted: (raw.socket as TLSSocket).encrypted === true,
      host: headers.host ?? '',
      forwardedFor: headerValue(headers['x-forwarded-for']),
      forwardedProto: headerValue(headers['x-forwarded-proto']),
      forwardedHost: headerValue(headers['x-forwarded-host']),
    },
    o.trustedHops,
  );
  return {
    client,
    path,
    route: findRoute(path),
    added: [...securityHeaders(o.https || client.protocol === 'https')],
    credential: undefined,
    caller: undefined,
    known: undefined,
    authorization: headers.authorization,
    rate: undefined,
    limited: false,
  };
}
