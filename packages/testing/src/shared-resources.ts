import { createServer, get } from 'node:http';
import { inject } from 'vitest';

declare module 'vitest' {
  // Vitest types what a global setup provides by this interface and nothing else.
  interface ProvidedContext {
    /** The port at which the process that runs the tests hands out shared resources. */
    sharedResourcesPort: number;
  }
}

/** Something that runs: how test files reach it (a URL, for example), and how to end it. */
export type SharedResource = { address: string; stop(): Promise<void> };

export type SharedResourceServer = { port: number; stop(): Promise<void> };

/**
 * Serves what is too expensive to start for each test file. The first file that asks for a resource starts it; the others
 * get the same one. A run without such files starts nothing. The resources belong to the process that runs the tests,
 * which outlives its workers; these ask over HTTP on loopback. `stop` ends whatever was started.
 */
export async function serveSharedResources(
  starters: Readonly<Record<string, () => Promise<SharedResource>>>,
): Promise<SharedResourceServer> {
  const started = new Map<string, Promise<SharedResource>>();
  const server = createServer(async (request, response) => {
    const name = decodeURIComponent(request.url?.slice(1) ?? '');
    const start = starters[name];
    try {
      if (!start) throw new Error('There is no such resource');
      const resource = started.get(name) ?? start();
      started.set(name, resource);
      response.end((await resource).address);
    } catch (err) {
      response.writeHead(500).end(err instanceof Error ? err.message : String(err));
    }
  });
  // Starting takes long on a slow machine, and nobody else sends requests here.
  server.requestTimeout = 0;
  const port = await new Promise<number>((resolve) => {
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      resolve(typeof address === 'object' && address ? address.port : 0);
    });
  });
  return {
    port,
    async stop() {
      server.close();
      server.closeAllConnections();
      const stopping = [...started.values()].map(async (resource) => (await resource).stop());
      await Promise.allSettled(stopping);
    },
  };
}

/** In a test file: the address of a resource that all files share. Throws when it cannot be started. */
export function sharedResource(name: string): Promise<string> {
  const url = `http://127.0.0.1:${inject('sharedResourcesPort')}/${encodeURIComponent(name)}`;
  // Not fetch, which gives up after five minutes.
  return new Promise((resolve, reject) => {
    get(url, (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (chunk) => {
        text += chunk;
      });
      response.once('error', reject);
      response.once('end', () => {
        if (response.statusCode === 200) resolve(text);
        else reject(new Error(`The shared ${name} did not start: ${text}`));
      });
    }).once('error', reject);
  });
}
