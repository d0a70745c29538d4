import { type BenchmarkContext, createContext, type Progress } from './context.ts';
import { measureInTurn, type Pace } from './measurement.ts';
import { kindNamed, operationKinds, tradepostSide } from './operations.ts';
import type { KindName, Options } from './options.ts';
import type { Growth } from './results.ts';

/** Which kinds are measured again with more products, and with more orders. */
const grows: Record<'products' | 'orders', readonly KindName[]> = {
  products: ['read', 'productReadZipf', 'list', 'search', 'searchWorst', 'purchase'],
  orders: ['purchase', 'cartPurchase'],
};

/** The services of the larger size have just been started, the others have served for minutes: time to compile what is hot. */
const GROWN_WARM_UP = 3;

/** The same operations with more in the databases, in turn with the first size; the worst search in turn with the kind one. */
export async function measureGrowth(
  options: Options,
  base: BenchmarkContext,
  { pace, onProgress }: { pace: Pace; onProgress: Progress },
): Promise<Growth[]> {
  const [products = 0, ...moreProducts] = options.products;
  const [orders = 0, ...moreOrders] = options.orders;
  const steps = [
    ...moreProducts.map((more) => ({ size: { products: more, orders }, names: grows.products })),
    ...moreOrders.map((more) => ({ size: { products, orders: more }, names: grows.orders })),
  ];
  const found: Growth[] = [];
  const longer = { ...pace, warmUpMs: pace.warmUpMs * GROWN_WARM_UP };
  for (const { size, names } of steps) {
    await using own = new AsyncDisposableStack();
    const context = await createContext(base.infrastructure, size, own, onProgress);
    for (const kind of operationKinds) {
      if (!names.includes(kind.name) || !options.only.includes(kind.name)) continue;
      const connections = options.connections?.[0] ?? kind.connections[0] ?? 1;
      const sides = [
        tradepostSide(kind.name === 'searchWorst' ? kindNamed('search') : kind, base, { connections, name: 'base' }),
        tradepostSide(kind, context, { connections, name: 'grown' }),
      ];
      const what = `${kind.name} with ${size.products} products, ${size.orders} orders`;
      const [first, grown] = await measureInTurn(sides, longer, (side, n) =>
        onProgress(`${what}: ${side} (${n}/${pace.repetitions})`),
      );
      if (!first || !grown) continue;
      const ratio = grown.cpuMs / first.cpuMs;
      const { cpuMs, cpuByPart } = grown;
      const before = { baseCpuMs: first.cpuMs, baseCpuByPart: first.cpuByPart };
      found.push({ kind: kind.name, connections, ...size, cpuMs, cpuByPart, ...before, ratio });
    }
  }
  return found;
}
