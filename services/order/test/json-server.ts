import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What a stand-in answers a request; `hang`: nothing, until the client gives up. */
export type JsonAnswer = { status?: number; body: unknown } | 'hang';

/** A service outside, as far as a test needs one: answers JSON to JSON, and notes what it was asked. */
export type JsonServer = {
  url: string;
  asked: { path: string; body: unknown }[];
  answer: (body: unknown) => JsonAnswer;
  stop(): void;
};

export async function serveJson(answer: JsonServer['answer']): Promise<JsonServer> {
  const http = createServer(async (request, response) => {
    let text = '';
    for await (const chunk of request) text += chunk;
    const body: unknown = JSON.parse(text);
    server.asked.push({ path: request.url ?? '', body });
    const given = server.answer(body);
    if (given === 'hang') return;
    response.writeHead(given.status ?? 200, { 'content-type': 'application/json' }).end(JSON.stringify(given.body));
  });
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
  // as: a server that listens on a port has an address of this kind.
  const { port } = http.address() as AddressInfo;
  const server: JsonServer = {
    url: `http://127.0.0.1:${port}`,
    asked: [],
    answer,
    stop() {
      http.closeAllConnections();
      http.close();
    },
  };
  return server;
}
