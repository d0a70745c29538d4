import { closedLoop, type Operation } from './closed-loop.ts';
import { type BenchmarkContext, createContext, type Progress } from './context.ts';
import { startInfrastructure } from './infrastructure.ts';
import { type Figures, measureInTurn, type Pace, type Side } from './measurement.ts';
import { tradepostProcessors } from './operations.ts';

/** Purchases in one cell, and the same number of customers divided between two. */
export type CellFigures = Figures & { connections: number };

/**
 * A cell is a whole set of services with databases and a broker of its own, and a customer is at home in one of them. The load
 * generator routes, as an ingress would by a hash of the customer; that customers never meet in a database is what is tried.
 */
export async function measureCells(
  base: BenchmarkContext,
  o: { connections: readonly number[]; pace: Pace; onProgress: Progress },
): Promise<CellFigures[]> {
  const { infrastructure, products } = base;
  const keep = `${infrastructure.scratch}/cell-2`;
  const second = base.started.adopt(await startInfrastructure(infrastructure.scratch, { keep }), (one) => one.stop());
  const other = await createContext(second, { products, orders: 0 }, base.started, o.onProgress);
  const found: CellFigures[] = [];
  for (const connections of o.connections) {
    const sides = [cellsSide([base], connections), cellsSide([base, other], connections)];
    const figures = await measureInTurn(sides, o.pace, (side, n) =>
      o.onProgress(`${side}, ${connections} connections (${n}/${o.pace.repetitions})`),
    );
    found.push(...figures.map((one) => ({ ...one, connections })));
  }
  return found;
}

function cellsSide(cells: readonly BenchmarkContext[], connections: number): Side {
  const run = async (durationMs: number) => {
    const share = Math.ceil(connections / cells.length);
    const each = await Promise.all(
      cells.map(({ deployment, shop }) => {
        const operation: Operation = shop.purchase;
        return closedLoop({ origin: deployment.gatewayUrl, connections: share, operation }, durationMs);
      }),
    );
    return {
      operations: each.reduce((sum, { operations }) => sum + operations, 0),
      seconds: Math.max(...each.map(({ seconds }) => seconds)),
      latencies: Float64Array.from(each.flatMap(({ latencies }) => [...latencies])).sort(),
    };
  };
  const processors = cells.flatMap((cell, n) =>
    Object.entries(tradepostProcessors(cell)).map(([part, cpu]) => [`${part} ${n + 1}`, cpu] as const),
  );
  return {
    name: cells.length === 1 ? 'one cell' : `${cells.length} cells`,
    run,
    processors: Object.fromEntries(processors),
    settled: async () => {
      await Promise.all(cells.map(({ shop }) => shop.settled()));
    },
  };
}
