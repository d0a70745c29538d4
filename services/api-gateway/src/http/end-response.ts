import type { ServerResponse } from 'node:http';

/** Node.js writes a string of less than 16 KiB, the head included, without allocating anything for the write. */
const MAX_AS_TEXT = 12 * 1024;

/**
 * Ends a response with the last part of its body. A small one goes to the socket in one string with the head, byte by byte (latin1):
 * head and buffer apart would take a `writev`, which costs more.
 *
 * It is written once all that arrived at the same time has been read, so that responses leave one right after the other (flush consolidation, as Netty
 * calls it): the proxy in front is woken up once for all of them. To wake a process is much of what a write to its socket costs.
 */
export function endResponse(response: ServerResponse, body: Buffer): void {
  if (body.length <= MAX_AS_TEXT) setImmediate(endAsText, response, body);
  else response.end(body);
}

function endAsText(response: ServerResponse, body: Buffer): void {
  response.end(body.toString('latin1'), 'latin1');
}
