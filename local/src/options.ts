import { resolve } from 'node:path';
import { UsageError } from './failure.ts';

type Env = Readonly<Record<string, string | undefined>>;

export type Options = {
  /** To empty the data folder first. */
  fresh: boolean;
  host: string;
  /** 0 takes a free one. */
  port: number;
  dataFolder: string;
  /** Whether a new demo shop gets taxes, shipping and promotions. */
  withRules: boolean;
  /** Passed on to the services, whose settings it may hold. */
  env: Env;
};

export const helpText = `Runs Tradepost on this machine: its services, on a PostgreSQL of its own, with a demo shop.

  npm start                 starts it, and goes on where it was left
  npm start -- --fresh      deletes the data folder first, and starts empty
  npm start -- --help       prints this

Environment variables:
  PORT                      port of the API; 8080, and 0 takes a free one
  HOST                      address that the API listens on; 127.0.0.1, and 0.0.0.0 lets others on the network in,
                            with a random password for the demo accounts
  TRADEPOST_DATA            folder of the data; .tradepost
  TRADEPOST_RULES           off: a new demo shop has no taxes, shipping, promotions and invoices
  LOG_LEVEL                 least severe line that is logged: fatal, error, warn, info (the default), debug, trace

The settings of the services (in services/*/README.md) are read as well, except for addresses and databases, which are
chosen here. Logs are written to the folder logs of the data folder.`;

/** Reads the command line and the environment; undefined if help was asked for. Throws `UsageError`. */
export function readOptions(args: readonly string[], env: Env, root: string): Options | undefined {
  const known = new Set(['--fresh', '--help', '-h']);
  const unknown = args.find((argument) => !known.has(argument));
  if (unknown !== undefined) {
    throw new UsageError(`Unknown option: ${unknown}. See npm start -- --help`);
  }
  if (args.includes('--help') || args.includes('-h')) return undefined;
  return {
    fresh: args.includes('--fresh'),
    host: env.HOST || '127.0.0.1',
    port: readPort(env.PORT || '8080'),
    dataFolder: resolve(root, env.TRADEPOST_DATA || '.tradepost'),
    withRules: env.TRADEPOST_RULES !== 'off',
    env,
  };
}

function readPort(text: string): number {
  const port = Number(text);
  if (/^\d{1,5}$/.test(text) && port <= 65_535) return port;
  throw new UsageError(`PORT is ${JSON.stringify(text)}, but must be a number from 0 to 65535`);
}
