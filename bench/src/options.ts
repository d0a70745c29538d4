import { parseArgs } from 'node:util';

/** What is measured, in the order in which it is. */
export const kindNames = [
  'read',
  'productReadZipf',
  'list',
  'search',
  'purchase',
  'cartPurchase',
  'pricedPurchase',
  'signIn',
  'gatewayHop',
] as const;
export type KindName = (typeof kindNames)[number];

export type Options = {
  only: readonly KindName[];
  /** Sizes of the catalogue; the first is the one that is reported as the result, the others show growth. */
  products: readonly number[];
  /** Orders that are there already, likewise. */
  orders: readonly number[];
  quick: boolean;
  /** How long each repetition lasts. */
  seconds: number;
  json: string | undefined;
  report: string | undefined;
  /** Minutes at a rate near capacity; undefined: not asked for. */
  soak: number | undefined;
  overload: boolean;
  /** A folder to keep the databases in, so that a large one is filled once. */
  data: string | undefined;
};

export const HELP = `npm run bench -- [options]

Measures Tradepost beside the bare parts it is made of, on this machine and in one run: the bundles that production runs, one
process per service, with a real RabbitMQ, and one PostgreSQL server with a database for each. What is compared is processor
time: of every server process, PostgreSQL and the broker included, for each completed operation.

  --only a,b       of ${kindNames.join(', ')}
  --quick          a few seconds each, once: to see that it works, not how fast
  --seconds N      how long each of three repetitions lasts (10)
  --products N     products in the catalogue (1000); several, as in 1000,100000, show growth
  --orders N       orders that are there before (0); likewise
  --growth         --products 1000,100000,1000000 --orders 0,1000000: takes its time
  --soak MINUTES   instead: purchases at four fifths of what was found to be the capacity, for so long
  --overload       instead: three times the capacity for half a minute, and what comes after
  --data DIR       keeps the databases there and finds them again, since filling a large one takes minutes
  --json FILE      writes the figures
  --report FILE    writes a page of HTML with plots
  --help           this

It needs Linux (/proc), and Debian's rabbitmq-server; nginx and pgbench (postgresql-contrib) for two of the references.
`;

/** What is wrong with the command line, in words. */
export class UsageError extends Error {}

/** Reads the command line; undefined when it asks for help. Throws `UsageError`. */
export function readOptions(args: readonly string[]): Options | undefined {
  const values = parse(args);
  if (values.help) return undefined;
  const growth = values.growth === true;
  return {
    only: kindsOf(values.only),
    products: numbers('--products', values.products ?? (growth ? '1000,100000,1000000' : '1000'), 100),
    orders: numbers('--orders', values.orders ?? (growth ? '0,1000000' : '0'), 0),
    quick: values.quick === true,
    seconds: numbers('--seconds', values.seconds ?? '10', 1)[0] ?? 10,
    json: values.json,
    report: values.report,
    soak: values.soak === undefined ? undefined : numbers('--soak', values.soak, 1)[0],
    overload: values.overload === true,
    data: values.data,
  };
}

function parse(args: readonly string[]) {
  try {
    const { values } = parseArgs({
      args: [...args],
      options: {
        only: { type: 'string' },
        quick: { type: 'boolean' },
        seconds: { type: 'string' },
        products: { type: 'string' },
        orders: { type: 'string' },
        growth: { type: 'boolean' },
        soak: { type: 'string' },
        overload: { type: 'boolean' },
        data: { type: 'string' },
        json: { type: 'string' },
        report: { type: 'string' },
        help: { type: 'boolean', short: 'h' },
      },
    });
    return values;
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}

function kindsOf(text: string | undefined): readonly KindName[] {
  if (text === undefined) return kindNames;
  const asked = text.split(',').map((name) => name.trim());
  const unknown = asked.filter((name) => !kindNames.some((kind) => kind === name));
  if (unknown.length > 0) throw new UsageError(`--only: ${unknown.join(', ')} is none of ${kindNames.join(', ')}`);
  return kindNames.filter((kind) => asked.includes(kind));
}

function numbers(name: string, text: string, least: number): readonly number[] {
  return text.split(',').map((part) => {
    const value = Number(part);
    if (!Number.isInteger(value) || value < least || value > 10_000_000 || part.trim() === '') {
      throw new UsageError(`${name}: ${part || 'nothing'} is no whole number from ${least} to 10000000`);
    }
    return value;
  });
}
