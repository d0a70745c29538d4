import { get } from 'node:http';
import { type ServiceName, serviceNames } from '../../images/built-services.ts';
import { launchBaseline } from './baselines/servers.ts';
import type { Deployment } from './deployment.ts';
import { median } from './measurement.ts';
import type { ServerProcess } from './processes.ts';

/** Milliseconds from the start of a process to its first answer, and until it says that it is ready. */
export type Start = { liveMs: number; readyMs: number };

/** How often the port is tried while nothing answers; a try costs next to nothing. */
const TRY_MS = 2;
const TIMEOUT_MS = 180_000;

/** Starts another instance of each service, again and again, with database and broker there; medians. */
export async function coldStarts(deployment: Deployment, times: number): Promise<Record<ServiceName, Start>> {
  const starts = { 'api-gateway': never, auth: never, product: never, order: never, notification: never };
  for (const service of serviceNames) {
    const samples: Start[] = [];
    for (let n = 0; n < times; n++) {
      const { process: one, managementUrl } = await deployment.another(service);
      samples.push(await timeStart(one, `${managementUrl}/livez`, `${managementUrl}/readyz`));
    }
    starts[service] = {
      liveMs: median(samples.map(({ liveMs }) => liveMs)),
      readyMs: median(samples.map(({ readyMs }) => readyMs)),
    };
  }
  return starts;
}

const never: Start = { liveMs: Number.NaN, readyMs: Number.NaN };

/** The same of the baselines that a service can be compared with. */
export async function referenceStarts(databaseUrl: string, times: number): Promise<Record<string, number>> {
  const timed = async (program: 'node-http' | 'fastify-pg', path: string) => {
    const samples: number[] = [];
    for (let n = 0; n < times; n++) {
      const { process: one, origin } = await launchBaseline(program, { DATABASE_URL: databaseUrl });
      samples.push((await timeStart(one, `${origin}${path}`, `${origin}${path}`)).readyMs);
    }
    return median(samples);
  };
  return { 'node:http': await timed('node-http', '/'), 'Fastify + pg': await timed('fastify-pg', '/products') };
}

async function timeStart(one: ServerProcess, liveUrl: string, readyUrl: string): Promise<Start> {
  try {
    const [liveMs, readyMs] = await Promise.all([untilOk(one, liveUrl), untilOk(one, readyUrl)]);
    return { liveMs, readyMs };
  } finally {
    await one.stop();
  }
}

/** Milliseconds since the start of the process at which the URL was first answered with 200. */
async function untilOk(one: ServerProcess, url: string): Promise<number> {
  while (performance.now() - one.startedAt < TIMEOUT_MS) {
    if (await isOk(url)) return performance.now() - one.startedAt;
    if (!one.isRunning()) break;
    await new Promise((resolve) => setTimeout(resolve, TRY_MS));
  }
  throw new Error(`${one.name} did not start:\n${one.output()}`);
}

function isOk(url: string): Promise<boolean> {
  return new Promise((resolve) => {
    const request = get(url, { agent: false }, (response) => {
      response.resume();
      resolve(response.statusCode === 200);
    });
    request.once('error', () => resolve(false));
  });
}
