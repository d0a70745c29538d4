import { ProblemError } from '@tradepost/contracts/problem-error';
import type { FastifyReply, FastifyRequest } from 'fastify';

type Hook = (request: FastifyRequest, reply: FastifyReply, payload: unknown, done: (err?: Error) => void) => void;

/**
 * Makes the `preParsing` hook of a route: a body in a `Content-Encoding` that the route does not read is answered 415, with
 * those that it reads in `Accept-Encoding` (RFC 9110, section 12.5.3). A route names them as
 * `config: { contentEncodings: ['gzip'] }`; without that it reads none, so that no small body becomes a large one unseen.
 */
export function contentEncodingHook(config: unknown): Hook {
  const accepted = contentEncodingsOf(config);
  return (request, reply, _payload, done) => {
    const { 'content-encoding': encoding } = request.headers;
    if (encoding === undefined || !hasBody(request)) return done();
    const unknown = encoding
      .split(',')
      .map((one) => one.trim().toLowerCase())
      // RFC 9110, section 8.4.1.3: the same by its older name.
      .map((one) => (one === 'x-gzip' ? 'gzip' : one))
      .find((one) => one !== '' && one !== 'identity' && !accepted.includes(one));
    if (unknown === undefined) return done();
    reply.header('accept-encoding', [...accepted, 'identity'].join(', '));
    const how = accepted.length === 0 ? 'Send it unencoded' : `Send it unencoded, or as ${accepted.join(' or ')}`;
    done(new ProblemError('unsupported_media_type', `The Content-Encoding of the body is not read here. ${how}`));
  };
}

function contentEncodingsOf(config: unknown): readonly string[] {
  const named =
    typeof config === 'object' && config !== null && 'contentEncodings' in config && config.contentEncodings;
  return Array.isArray(named) ? named.filter((one) => typeof one === 'string') : [];
}

function hasBody({ headers }: FastifyRequest): boolean {
  const { 'content-length': length } = headers;
  return headers['transfer-encoding'] !== undefined || (length !== undefined && length !== '0');
}
