import { createServer, type IncomingMessage, type Server, type ServerResponse, STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';
import { type ProblemCode, problems } from '@tradepost/contracts/problem';
import { ProblemError } from '@tradepost/contracts/problem-error';
import { uuidv7 } from '@tradepost/postgres/uuid';
import type { Logger } from 'pino';
import { listenOn, urlOf } from './listen.ts';
import { problemResponse, sendProblem } from './problem.ts';

type Handler = (request: IncomingMessage, response: ServerResponse) => void;

/** Durations are in milliseconds; see `commonSettings` for what each is. */
export type HttpLimits = {
  keepAliveTimeoutMs: number;
  headersTimeoutMs: number;
  requestTimeoutMs: number;
  maxRequestsPerSocket: number;
  maxConnections: number;
};

/** A server that listens before there is anything behind it, and that closes without cutting anything off. */
export type HttpServer = {
  /** Sends requests to this handler from now on; until then they are answered with 503. */
  connect(handler: Handler): Server;
  /** Rejects if the port is in use. */
  listen(o: { port: number; host: string }): Promise<void>;
  /** `http://127.0.0.1:8080`. */
  url(): string;
  /**
   * Accepts no more connections, closes those that are idle, and lets requests in flight finish; what is not finished
   * after `timeoutMs` is cut off. Resolves to false in that case.
   */
  close(timeoutMs: number): Promise<boolean>;
};

/** How often connections that have become idle are looked for while the server closes. */
const CLOSE_IDLE_MS = 50;

/** How often refused connections are logged. */
const TELL_DROPS_MS = 10_000;

const MAX_HEADER_BYTES = 16 * 1024;

/** Browsers send about 20, and proxies add some; Node drops what is beyond its own limit without a word. */
const MAX_HEADERS = 100;

/** Makes the server of the traffic port. */
export function createHttpServer(limits: HttpLimits, log: Logger): HttpServer {
  let handler: Handler = (_request, response) => {
    const problem = new ProblemError('unavailable', 'The service is starting');
    sendProblem(response, problemResponse(problem, { requestId: uuidv7() }));
  };
  const server = createServer(
    {
      maxHeaderSize: MAX_HEADER_BYTES,
      requireHostHeader: false,
      keepAliveTimeout: limits.keepAliveTimeoutMs,
      headersTimeout: Math.min(limits.headersTimeoutMs, limits.requestTimeoutMs),
      requestTimeout: limits.requestTimeoutMs,
      connectionsCheckingInterval: Math.max(100, Math.min(5000, limits.headersTimeoutMs / 4)),
    },
    (request, response) => {
      const problem = problemOfHead(request);
      if (problem !== undefined) answerProblem(response, problem);
      else if (request.rawHeaders.length > 2 * MAX_HEADERS)
        answerProblem(response, `There are more than ${MAX_HEADERS} headers`, 'header_too_large');
      else handler(request, response);
    },
  );
  server.maxHeadersCount = MAX_HEADERS + 1;
  server.maxRequestsPerSocket = limits.maxRequestsPerSocket;
  server.maxConnections = limits.maxConnections;
  server.on('clientError', (error, socket) => sendProblemOnSocket(error, socket, log));
  server.on('checkExpectation', (_request, response) =>
    answerProblem(response, 'The Expect header asks for what is not known'),
  );
  server.on('drop', tellDrops(limits.maxConnections, log));

  return {
    connect(next) {
      handler = next;
      return server;
    },
    listen: (o) => listenOn(server, o),
    url: () => urlOf(server),
    close: (timeoutMs) => close(server, timeoutMs),
  };
}

/** `host` or `host:port`; empty where a target has no host. Source: https://www.rfc-editor.org/rfc/rfc3986#section-3.2.2 */
const HOST = /^(?:\[[0-9a-f:.]+\]|[\w.~%!$&'()*+,;=-]*)(?::\d*)?$/i;

/** What RFC 9112 says to refuse, and Node does not, or without a problem document. */
function problemOfHead({ headers, httpVersion, rawHeaders }: IncomingMessage): string | undefined {
  const { host, 'transfer-encoding': coding } = headers;
  // Section 3.2.
  if (host === undefined) return httpVersion === '1.1' ? 'There is no Host header' : undefined;
  if (!HOST.test(host)) return 'The Host header is no host';
  if (isNamedTwice(rawHeaders, 'host')) return 'There is more than one Host header';
  // Section 6.1.
  const isRead = coding === undefined || coding.toLowerCase() === 'chunked';
  return isRead ? undefined : 'The Transfer-Encoding is not read here: send the body as it is, or chunked';
}

/** Node keeps the first of them only. */
function isNamedTwice(rawHeaders: readonly string[], name: string): boolean {
  let count = 0;
  for (let at = 0; at < rawHeaders.length; at += 2) {
    const given = rawHeaders[at] ?? '';
    if (given.length === name.length && given.toLowerCase() === name) count++;
  }
  return count > 1;
}

function answerProblem(response: ServerResponse, detail: string, code: ProblemCode = 'malformed_request'): void {
  const problem = new ProblemError(code, detail);
  response.setHeader('connection', 'close');
  sendProblem(response, problemResponse(problem, { requestId: uuidv7() }));
}

/** Logs refused connections, but not each: a client that opens too many opens a lot. */
function tellDrops(maxConnections: number, log: Logger): () => void {
  let toldAt = Number.NEGATIVE_INFINITY;
  let dropped = 0;
  return () => {
    dropped++;
    if (performance.now() - toldAt < TELL_DROPS_MS) return;
    toldAt = performance.now();
    log.warn({ maxConnections, dropped }, 'connections refused: MAX_CONNECTIONS reached');
    dropped = 0;
  };
}

async function close(server: Server, timeoutMs: number): Promise<boolean> {
  if (!server.listening) return true;
  let inTime = true;
  const closed = new Promise<void>((resolve) => server.close(() => resolve()));
  // `close` closes what is idle once; connections whose last answer was begun before come later.
  const sweep = setInterval(() => server.closeIdleConnections(), CLOSE_IDLE_MS);
  const deadline = setTimeout(() => {
    inTime = false;
    server.closeAllConnections();
  }, timeoutMs);
  await closed;
  clearInterval(sweep);
  clearTimeout(deadline);
  return inTime;
}

/**
 * Answers what is no HTTP request, or did not arrive in time, on the bare socket: there is no response object for it.
 * Source: https://nodejs.org/api/http.html#event-clienterror
 */
function sendProblemOnSocket(error: NodeJS.ErrnoException, socket: Duplex, log: Logger): void {
  const problem = socketProblem(error.code);
  if (!socket.writable || error.code === 'ECONNRESET' || error.code === 'EPIPE') {
    socket.destroy();
    return;
  }
  log.debug({ err: error }, 'a request could not be read');
  const { status, headers, body } = problemResponse(problem, { requestId: uuidv7() });
  const lines = Object.entries({ ...headers, 'content-length': Buffer.byteLength(body), connection: 'close' });
  const head = lines.map(([name, value]) => `${name}: ${value}\r\n`).join('');
  socket.end(`HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\n${head}\r\n${body}`);
}

function socketProblem(errorCode: string | undefined): ProblemError {
  const [code, detail]: [ProblemCode, string] =
    errorCode === 'HPE_HEADER_OVERFLOW'
      ? ['header_too_large', `All headers together may have ${MAX_HEADER_BYTES} bytes`]
      : errorCode === 'ERR_HTTP_REQUEST_TIMEOUT'
        ? ['request_timeout', problems.request_timeout.title]
        : ['malformed_request', 'It is not a valid HTTP request'];
  return new ProblemError(code, detail);
}
