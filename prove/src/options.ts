import { parseArgs } from 'node:util';
import { allFaultKinds, type FaultKind, faultKinds } from './faults/kinds.ts';
import { allGuards, type Guard, guards } from './sabotage/guards.ts';

export type Options = {
  seed: number;
  /** Visits a second; measured first, unless given. */
  rate: number | undefined;
  /** Orders to be placed at the least. */
  orders: number | undefined;
  /** How long orders are placed at the least, in milliseconds. */
  durationMs: number | undefined;
  /** All, or what the sabotage needs, unless chosen. */
  faults: readonly FaultKind[] | undefined;
  json: string | undefined;
  report: string | undefined;
  sabotage: Guard | undefined;
};

/** A command line that cannot be understood; the message says why. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

const list = (entries: Readonly<Record<string, string>>): string =>
  Object.entries(entries)
    .map(([name, what]) => `    ${name.padEnd(18)}${what}`)
    .join('\n');

/** The default rate: a share of what was measured, since every fault takes a part of the machine away, and at most so much. */
export const SHARE_OF_CAPACITY = 0.4;
export const MOST_RATE = 20;

export const helpText = `Proves that Tradepost loses, doubles and oversells nothing: runs it as processes on databases and brokers of its own,
lets shoppers buy while everything fails in turn, and audits the result.

  npm run prove                       every fault there is, each once; about ten minutes
  npm run prove -- --faults kill,broker --orders 2000
  npm run prove -- --sabotage inbox   switches a guard off: the audit must find out, and the run fails

  --seed N          the same seed, the same plan; by default another each time, which is printed
  --orders N        orders to be placed at the least
  --rate N          visits begun in a second, whatever becomes of those before; by default ${SHARE_OF_CAPACITY * 100} % of what the machine
                    can do, which is measured first, and at most ${MOST_RATE}
  --duration S      seconds in which they are placed, at the least; by default as long as the faults take
  --faults a,b      only these, or none; by default all, or what a sabotage needs:
${list(faultKinds)}
  --json FILE       writes the figures there
  --report FILE     writes a page with a timeline there, in HTML
  --sabotage X      switches off, in processes that are made for this alone:
${list(guards)}

Exit code: 0 if everything held, 1 if not (databases and logs are kept then), 2 if it could not be run.`;

/** Reads the command line; undefined if help was asked for. Throws `UsageError`. */
export function readOptions(args: readonly string[], anySeed: () => number): Options | undefined {
  const values = parse(args);
  if (values.help) return undefined;
  const sabotage = oneOf('--sabotage', values.sabotage, allGuards);
  return {
    seed: number('--seed', values.seed, { least: 0, most: 2 ** 32 - 1 }) ?? anySeed(),
    rate: number('--rate', values.rate, { least: 0.2, most: 1000, decimals: true }),
    orders: number('--orders', values.orders, { least: 1, most: 10_000_000 }),
    durationMs: scaled(number('--duration', values.duration, { least: 1, most: 86_400 })),
    faults: readFaults(values.faults),
    json: values.json,
    report: values.report,
    sabotage,
  };
}

function parse(args: readonly string[]) {
  const text = { type: 'string' } as const;
  try {
    const options = {
      ...{
        seed: text,
        orders: text,
        rate: text,
        duration: text,
        faults: text,
        json: text,
        report: text,
        sabotage: text,
      },
      help: { type: 'boolean', short: 'h' },
    } as const;
    return parseArgs({ args: [...args], options, allowPositionals: false }).values;
  } catch (err) {
    throw new UsageError(`${err instanceof Error ? err.message : String(err)}. See npm run prove -- --help`);
  }
}

type Bounds = { least: number; most: number; decimals?: boolean };

function number(name: string, text: string | undefined, o: Bounds): number | undefined {
  if (text === undefined) return undefined;
  const value = Number(text);
  const form = o.decimals ? /^\d+(?:\.\d+)?$/ : /^\d+$/;
  if (form.test(text) && value >= o.least && value <= o.most) return value;
  throw new UsageError(
    `${name} is ${JSON.stringify(text)}, but must be a ${o.decimals ? '' : 'whole '}number from ${o.least} to ${o.most}`,
  );
}

const scaled = (seconds: number | undefined): number | undefined =>
  seconds === undefined ? undefined : seconds * 1000;

function readFaults(text: string | undefined): readonly FaultKind[] | undefined {
  if (text === undefined) return undefined;
  if (text === 'none') return [];
  const names = text.split(',').map((name) => name.trim());
  return [...new Set(names.map((name) => oneOf('--faults', name, allFaultKinds) ?? 'kill'))];
}

function oneOf<T extends string>(option: string, text: string | undefined, known: readonly T[]): T | undefined {
  if (text === undefined) return undefined;
  const found = known.find((name) => name === text);
  if (found) return found;
  throw new UsageError(`${option} is ${JSON.stringify(text)}, but must be one of ${known.join(', ')}`);
}
