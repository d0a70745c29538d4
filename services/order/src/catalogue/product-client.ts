import { type EventData, eventData } from '@tradepost/contracts/events';
import { ProblemError } from '@tradepost/contracts/problem-error';
import { Compile } from 'typebox/compile';

export type ProductSnapshot = EventData<'product.changed.v1'>;

const snapshot = Compile(eventData['product.changed.v1']);

/** Where the catalogue is copied from: `product`'s internal export, one product per line (NDJSON). */
export type ProductClient = {
  /** The products that hold any of the SKUs. Refuses with `unavailable` when `product` does not answer in time. */
  bySku(skus: readonly string[]): Promise<ProductSnapshot[]>;
  /** All products after the one with id `after`, in order of their ids. */
  export(after: string | null, signal: AbortSignal): AsyncGenerator<ProductSnapshot>;
};

/** `timeoutMs` bounds the question about single SKUs, which a shopper waits for. */
export function createProductClient(baseUrl: string, timeoutMs: number): ProductClient {
  const url = (query: Record<string, string>) =>
    `${baseUrl.replace(/\/$/, '')}/internal/v1/sellable-variants?${new URLSearchParams(query)}`;
  return {
    async bySku(skus) {
      try {
        const found: ProductSnapshot[] = [];
        for await (const product of read(url({ sku: skus.join(',') }), AbortSignal.timeout(timeoutMs))) {
          found.push(product);
        }
        return found;
      } catch (cause) {
        throw new ProblemError(
          'unavailable',
          `Nothing is known of ${skus.join(', ')} yet, and the catalogue does not answer`,
          {
            retryAfter: 5,
            cause,
          },
        );
      }
    },
    export: (after, signal) => read(url(after ? { after } : {}), signal),
  };
}

async function* read(url: string, signal: AbortSignal): AsyncGenerator<ProductSnapshot> {
  const response = await fetch(url, { signal });
  if (!response.ok || !response.body) {
    await response.body?.cancel();
    throw new Error(`The catalogue answered ${response.status}`);
  }
  let rest = '';
  for await (const text of response.body.pipeThrough(new TextDecoderStream())) {
    const lines = (rest + text).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) if (line !== '') yield parse(line);
  }
  if (rest !== '') yield parse(rest);
}

function parse(line: string): ProductSnapshot {
  const value: unknown = JSON.parse(line);
  if (!snapshot.Check(value)) throw new Error('The catalogue sent a line that is no product');
  return value;
}
