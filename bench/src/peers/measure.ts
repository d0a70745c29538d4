import { rm } from 'node:fs/promises';
import { closedLoop } from '../closed-loop.ts';
import type { BenchmarkContext, Progress } from '../context.ts';
import { openConnection } from '../http-client.ts';
import { measureInTurn, type Pace, type Side } from '../measurement.ts';
import { kindNamed, tradepostSide } from '../operations.ts';
import { type Options, type PeerKind, peerKinds } from '../options.ts';
import { exportCatalogue } from './catalogue.ts';
import { type RunningPeer, tradepostRequests } from './peer.ts';
import type { PeerResult } from './table.ts';
import { vendure } from './vendure.ts';

const peers = [vendure];
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
  for (const kind of peerKinds.filter((one) => run.only.includes(one))) {
    for (const connections of run.connections ?? AT_ONCE) {
      try {
        for (const peer of running) await checkAnswer(peer, kind);
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
    throw new Error(`${peer.name}: ${error instanceof Error ? error.message : String(error)}`);
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
  const sides = [own, ...pastCacheSides(own, kind, { context, connections })];
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
function pastCacheSides(own: Side, kind: PeerKind, { context, connections }: SideOptions): Side[] {
  if (kind === 'purchase') return [];
  const { shop, deployment } = context;
  const operation = shop[`${kind}PastCache`];
  const run = (durationMs: number) => closedLoop({ origin: deployment.gatewayUrl, connections, operation }, durationMs);
  return [{ ...own, name: 'Tradepost without cache', run, warmUp: run }];
}

type SideOptions = { context: BenchmarkContext; connections: number };

function peerSide(peer: RunningPeer, kind: PeerKind, { context, connections }: SideOptions): Side {
  return {
    name: peer.name,
    run: (durationMs) => closedLoop({ origin: peer.origin, connections, operation: peer.operations[kind] }, durationMs),
    processors: peer.processors,
    settled: peer.settled,
    warmedUp: async () => {
      await context.infrastructure.postgres.run(peer.database, 'vacuum analyze');
    },
  };
}
