import { parseArgs } from 'node:util';

/** What is measured, in the order in which it is. */
const kindNames = [
  'read',
  'productReadZipf',
  'productReadSignedIn',
  'list',
  'search',
  'searchWorst',
  'purchase',
  'cartPurchase',
  'pricedPurchase',
  'signIn',
  'gatewayHop',
] as const;
export type KindName = (typeof kindNames)[number];

/** The kinds that other shops can be asked for as well. */
export const peerKinds = ['read', 'list', 'search', 'purchase'] as const satisfies readonly KindName[];
export type PeerKind = (typeof peerKinds)[number];

export type Options = {
  only: readonly KindName[];
  /** Sizes of the catalogue; the first is the one that is reported as the result, the others show growth. */
  products: readonly number[];
  /** Orders that are there already, likewise. */
  orders: readonly number[];
  /** How many operations are on their way at once; several are measured one after the other. Undefined: what the kind says. */
  connections: readonly number[] | undefined;
  quick: boolean;
  /** TLS to PostgreSQL and RabbitMQ. */
  tls: boolean;
  /** Nodes of RabbitMQ. */
  brokers: number;
  /** How long each repetition lasts. */
  seconds: number;
  json: string | undefined;
  report: string | undefined;
  /** Minutes at a rate near capacity; undefined: not asked for. */
  soak: number | undefined;
  overload: boolean;
  /** What a purchase has the databases do, instead of the comparison. */
  counts: boolean;
  /** Two cells beside one, instead of the comparison. */
  cells: boolean;
  /** Other shops beside Tradepost, instead of the comparison with its parts. */
  peers: boolean;
  /** A folder to keep the databases in, so that a large one is filled once. */
  data: string | undefined;
};

export const HELP = `npm run bench -- [options]

Measures Tradepost beside the bare parts it is made of, on this machine and in one run: the bundles that production runs, one
process per service, with a real RabbitMQ, and one PostgreSQL server with a database for each. What is compared is processor
time: of every server process, PostgreSQL and the broker included, for each completed operation.

  --only a,b       of ${kindNames.join(', ')}
  --connections N  operations at once (16, and 1 for purchase); several, as in 1,16,64, are measured one after the other
  --quick          a few seconds each, once: to see that it works, not how fast
  --seconds N      how long each of three repetitions lasts (10)
  --products N     products in the catalogue (1000); several, as in 1000,100000, show growth
  --orders N       orders that are there before (0); likewise
  --growth         --products 1000,100000,1000000 --orders 0,1000000: takes its time
  --tls            TLS to PostgreSQL and RabbitMQ, as the component tls of k8s has it
  --brokers N      nodes of RabbitMQ (1); production has 3
  --counts         instead: what each purchase and cartPurchase (or one of them, with --only) has the databases write, flush, commit and
                   run, at 1, 16 and 64 connections, and each of its statements
  --cells          instead: two cells, each a whole set of services, databases and broker, beside one, with the same customers
  --peers          instead: read, list, search and purchase at Tradepost, Vendure and Medusa in turn, with the same catalogue; it
                   installs them from the npm registry at first use, into node_modules/.cache/peers
  --soak MINUTES   instead: purchases at four fifths of what was found to be the capacity, for so long
  --overload       instead: three times the capacity for half a minute, and what comes after
  --data DIR       keeps the databases there and finds them again, since filling a large one takes minutes
  --json FILE      writes the figures, anew after each kind
  --report FILE    writes a page of HTML with plots
  --help           this

It needs Linux (/proc), and Debian's rabbitmq-server; nginx and pgbench (postgresql-contrib) for two of the baselines.
`;

/** What is wrong with the command line, in words. */
export class UsageError extends Error {}

/** Reads the command line; undefined when it asks for help. Throws `UsageError`. */
export function readOptions(args: readonly string[]): Options | undefined {
  const values = parse(args);
  if (values.help) return undefined;
  const { growth } = values;
  const first = (name: string, text: string | undefined) =>
    text === undefined ? undefined : numbers(name, text, 1)[0];
  return {
    only: values.peers ? kindsOf('--peers', values.only, peerKinds) : kindsOf('--only', values.only, kindNames),
    products: numbers('--products', values.products ?? (growth ? '1000,100000,1000000' : '1000'), 100),
    orders: numbers('--orders', values.orders ?? (growth ? '0,1000000' : '0'), 0),
    connections: values.connections === undefined ? undefined : numbers('--connections', values.connections, 1),
    quick: values.quick,
    tls: values.tls,
    brokers: first('--brokers', values.brokers) ?? 1,
    seconds: first('--seconds', values.seconds) ?? 10,
    json: values.json,
    report: values.report,
    soak: first('--soak', values.soak),
    overload: values.overload,
    counts: values.counts,
    cells: values.cells,
    peers: values.peers,
    data: values.data,
  };
}

const text = { type: 'string' } as const;
const flag = { type: 'boolean', default: false } as const;

function parse(args: readonly string[]) {
  try {
    const { values } = parseArgs({
      args: [...args],
      options: {
        ...{ only: text, products: text, orders: text, connections: text, seconds: text, brokers: text },
        ...{ quick: flag, growth: flag, tls: flag, overload: flag, counts: flag, cells: flag, peers: flag },
        ...{ soak: text, data: text, json: text, report: text, help: { ...flag, short: 'h' } },
      },
    });
    return values;
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}

/** Those of `known` that are asked for, in their order; `option` is what an unknown one is at odds with. */
function kindsOf(option: string, text: string | undefined, known: readonly KindName[]): readonly KindName[] {
  if (text === undefined) return known;
  const asked = text.split(',').map((name) => name.trim());
  const unknown = asked.filter((name) => !known.some((kind) => kind === name));
  if (unknown.length > 0) throw new UsageError(`${option}: ${unknown.join(', ')} is none of ${known.join(', ')}`);
  return known.filter((kind) => asked.includes(kind));
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
