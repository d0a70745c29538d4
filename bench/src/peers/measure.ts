import { rm } from 'node:fs/promises';
import { closedLoop } from '../closed-loop.ts';
import type { BenchmarkContext, Progress } from '../context.ts';
import { openConnection } from '../http-client.ts';
import { measureInTurn, type Pace, type Side } from '../measurement.ts';
import { kindNamed, tradepostSide } from '../operations.ts';
import { type Options, type PeerKind, peerKinds } from '../options.ts';
import { exportCatalogue } from './catalogue.ts';
import { medusa } from './medusa.ts';
import { type RunningPeer, tradepostRequests } from './peer.ts';
import type { PeerResult } from './table.ts';
import { vendure } from './vendure.ts';

const peers = [vendure, medusa];
const AT_ONCE = [16];

type PeerRun = {
  only: Options['only'];
  connections: readonly number[] | undefined;
  pace: Pace;
  onProgress: Progress;
  /** Gets each result as it comes. */
  onResult: (result: PeerResult) => void;
  onFailure: (kind: PeerKind, connections: number, error: unknown) => void;
};

/** Starts the other shops on the same PostgreSQL server with the same catalogue, and measures them in turn with Tradepost. */
export async function measurePeers(context: BenchmarkContext, run: PeerRun): Promise<void> {
  const { infrastructure, started } = context;
  const exported = await exportCatalogue(context);
  started.defer(() => rm(exported.catalogueFile, { force: true }));
  const running: RunningPeer[] = [];
  for (const peer of peers) {
    running.push(await peer.start({ infrastructure, started, onProgress: run.onProgress, ...exported }));
  }
  const kinds = peerKinds.filter((one) => run.only.includes(one));
  run.onProgress('checking the answers');
  for (const kind of kinds) for (const peer of running) await checkAnswer(peer, kind);
  for (const kind of kinds) {
    for (const connections of run.connections ?? AT_ONCE) {
      try {
        run.onResult(await measureKind(context, running, { kind, connections, run }));
      } catch (error) {
        if (started.disposed) throw error;
        run.onFailure(kind, connections, error);
      }
    }
  }
}

/** One operation before any is timed: it throws unless its response is right. */
async function checkAnswer(peer: RunningPeer, kind: PeerKind): Promise<void> {
  const connection = openConnection(peer.origin);
  try {
    await peer.operations[kind](connection);
  } catch (error) {
    throw new Error(`${kind} at ${peer.name}: ${error instanceof Error ? error.message : String(error)}`);
  } finally {
    await connection.close();
  }
}

async function measureKind(
  context: BenchmarkContext,
  running: readonly RunningPeer[],
  { kind, connections, run }: { kind: PeerKind; connections: number; run: PeerRun },
): Promise<PeerResult> {
  const own = tradepostSide(kindNamed(kind), context, { connections });
  const sides = [own, ...uncachedSides(own, kind, { context, connections })];
  const ownSides = sides.length;
  sides.push(...running.map((peer) => peerSide(peer, kind, { context, connections })));
  const figures = await measureInTurn(sides, run.pace, (side, n) =>
    run.onProgress(`${kind}, ${connections} connections: ${side} (${n}/${run.pace.repetitions})`),
  );
  const baseline = figures[0]?.cpuMs ?? Number.NaN;
  const shops = figures.map((one, n) => {
    const peer = running[n - ownSides];
    const requests = peer ? peer.requests[kind] : tradepostRequests[kind];
    return { ...one, version: peer?.version, requests, ratio: one.cpuMs / baseline };
  });
  return { kind, connections, shops };
}

/** Tradepost again, asked for what its gateway has not kept: no other shop has a cache of responses in front of it. */
function uncachedSides(own: Side, kind: PeerKind, { context, connections }: SideOptions): Side[] {
  if (kind === 'purchase') return [];
  const { shop, deployment } = context;
  const operation = shop[`${kind}Uncached`];
  const run = (durationMs: number) => closedLoop({ origin: deployment.gatewayUrl, connections, operation }, durationMs);
  return [{ ...own, name: 'Tradepost without cache', run, warmUp: run }];
}

type SideOptions = { context: BenchmarkContext; connections: number };

/** Of one operation in a warm-up, so that there are 500 reads and 100 purchases in one of 5 s, however long they take. */
const LONGEST_WARM_UP_MS: Record<PeerKind, number> = { read: 10, list: 10, search: 10, purchase: 50 };

function peerSide(peer: RunningPeer, kind: PeerKind, { context, connections }: SideOptions): Side {
  const load = { origin: peer.origin, connections, operation: peer.operations[kind] };
  return {
    name: peer.name,
    run: (durationMs) => closedLoop(load, durationMs),
    // A shop that is slow does too little in a few seconds for V8 to compile its code.
    async warmUp(durationMs) {
      const least = durationMs / LONGEST_WARM_UP_MS[kind];
      let completed = await closedLoop(load, durationMs);
      for (let operations = completed.operations; operations < least; operations += completed.operations) {
        completed = await closedLoop(load, durationMs);
      }
      return completed;
    },
    processors: peer.processors,
    settled: peer.settled,
    warmedUp: async () => {
      await context.infrastructure.postgres.run(peer.database, 'vacuum analyze');
    },
  };
}
