import { CACHE_HEADER, writeFreshness } from '@tradepost/contracts/response-cache';
import type { FastifyReply } from 'fastify';
import type { Context } from '../actions/context.ts';

/**
 * Sends JSON that is text already, past the serialiser. It holds how much is in stock, so that no cache of a client may keep it.
 * Fastify's own type of a reply asks for the value that the text stands for; this one takes any payload.
 */
export function sendJson(reply: FastifyReply, json: string): FastifyReply {
  return reply.header('content-type', 'application/json; charset=utf-8').header('cache-control', 'no-store').send(json);
}

/**
 * Allows the gateway to give an answer to others until its data is `PRODUCT_CACHE_MS` old, the time in the product cache included. For
 * answers to nobody in particular. `readAt`: when the data was read at the earliest, by `performance.now()`.
 */
export function letGatewayCache(reply: FastifyReply, ctx: Pick<Context, 'cacheMs'>, readAt: number): FastifyReply {
  const ageMs = performance.now() - readAt;
  if (ageMs < ctx.cacheMs) reply.header(CACHE_HEADER, writeFreshness({ maxAgeMs: ctx.cacheMs, ageMs }));
  return reply;
}
