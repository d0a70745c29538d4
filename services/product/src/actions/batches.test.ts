import { describe, expect, it } from 'vitest';
import { createBatches } from './batches.ts';

/** Batches whose reads end when the test says so. */
function bed(o: { max?: number; atOnce?: number } = {}) {
  const reads: { keys: readonly string[]; end(): void; fail(): void }[] = [];
  const read = createBatches<string>({
    max: 3,
    atOnce: 1,
    ...o,
    read: (keys) =>
      new Promise((resolve, reject) => {
        const end = () => resolve(new Map(keys.filter((key) => key !== 'none').map((key) => [key, `${key}!`])));
        reads.push({ keys, end, fail: () => reject(new Error('away')) });
      }),
  });
  return { reads, read, turn: () => new Promise<void>((resolve) => setImmediate(resolve)) };
}

describe('batches', () => {
  it('read together what is asked for in one turn, each key once', async () => {
    const { reads, read, turn } = bed();
    const answers = Promise.all([read('a'), read('b'), read('a'), read('none')]);
    await turn();
    expect(reads.map(({ keys }) => keys)).toEqual([['a', 'b', 'none']]);
    reads[0]?.end();
    expect(await answers).toEqual(['a!', 'b!', 'a!', undefined]);
  });

  it('gather while as many as may be are under way, and no more than fit', async () => {
    const { reads, read, turn } = bed();
    const first = read('a');
    await turn();
    const others = Promise.all(['b', 'c', 'd', 'e'].map(read));
    await turn();
    expect(reads).toHaveLength(1);
    reads[0]?.end();
    await first;
    await turn();
    expect(reads.map(({ keys }) => keys)).toEqual([['a'], ['b', 'c', 'd']]);
    reads[1]?.end();
    await turn();
    await turn();
    reads[2]?.end();
    expect(await others).toEqual(['b!', 'c!', 'd!', 'e!']);
  });

  it('do not wait for a batch that is slow', async () => {
    const { reads, read, turn } = bed({ atOnce: 2 });
    void read('slow');
    await turn();
    const quick = read('quick');
    await turn();
    reads[1]?.end();
    expect(await quick).toBe('quick!');
  });

  it('read anew what is asked for while it is being read', async () => {
    const { reads, read, turn } = bed({ atOnce: 2 });
    void read('a');
    await turn();
    void read('a');
    await turn();
    expect(reads).toHaveLength(2);
  });

  it('go on after one that failed, which fails for all that were in it', async () => {
    const { reads, read, turn } = bed();
    const failed = Promise.allSettled([read('a'), read('b')]);
    await turn();
    reads[0]?.fail();
    expect((await failed).map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    const next = read('c');
    await turn();
    await turn();
    reads[1]?.end();
    expect(await next).toBe('c!');
  });
});
