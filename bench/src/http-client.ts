import { type Dispatcher, Pool } from 'undici';

/** What a request asks for; `body` is JSON text. */
export type Request = {
  method: 'GET' | 'POST' | 'PUT';
  path: string;
  headers?: Record<string, string>;
  body?: string;
};

export type Answer = { status: number; retryAfter: string | undefined; body: string };

/** A connection that is kept open, with one request on it at a time; or so many of them, of which any is used. */
export type Connection = {
  /** Resolves with whatever was answered; rejects when nothing was. */
  ask(request: Request): Promise<Answer>;
  /** The same, with the text of the body; throws unless the status is this one. */
  expect(status: number, request: Request): Promise<string>;
  close(): Promise<void>;
};

/** Opens a connection to `http://host:port`. undici on its lowest level: what the load costs is not to slow the servers. */
export function openConnection(origin: string, connections = 1): Connection {
  const client = new Pool(origin, { connections, pipelining: 1, headersTimeout: 60_000, bodyTimeout: 60_000 });
  const ask = (request: Request): Promise<Answer> =>
    new Promise((resolve, reject) => {
      const { method, path, body } = request;
      const headers = body === undefined ? request.headers : { ...request.headers, 'content-type': 'application/json' };
      client.dispatch({ method, path, headers: headers ?? {}, body: body ?? null }, receiver(resolve, reject));
    });
  return {
    ask,
    async expect(status, request) {
      const answer = await ask(request);
      if (answer.status !== status) {
        throw new Error(
          `${request.method} ${request.path} was answered ${answer.status}: ${answer.body.slice(0, 400)}`,
        );
      }
      return answer.body;
    },
    close: () => client.destroy(),
  };
}

function receiver(resolve: (answer: Answer) => void, reject: (error: Error) => void): Dispatcher.DispatchHandler {
  const chunks: Buffer[] = [];
  let status = 0;
  let retryAfter: string | undefined;
  return {
    onRequestStart() {},
    onResponseStart(_controller, code, headers) {
      status = code;
      const value = headers['retry-after'];
      retryAfter = typeof value === 'string' ? value : undefined;
    },
    onResponseData(_controller, chunk) {
      chunks.push(chunk);
    },
    onResponseEnd() {
      const [only] = chunks;
      const body = only && chunks.length === 1 ? only.toString() : Buffer.concat(chunks).toString();
      resolve({ status, retryAfter, body });
    },
    onResponseError(_controller, error) {
      reject(error);
    },
  };
}
