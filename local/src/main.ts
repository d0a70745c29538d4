// `npm start`: the whole of Tradepost in one process. See `npm start -- --help`.
import { enableCompileCache } from 'node:module';
import { dirname, relative } from 'node:path';
import process from 'node:process';
import { messageOf, StartFailure, UsageError } from './failure.ts';
import { helpText, type Options, readOptions } from './options.ts';
import { createProgress } from './progress.ts';
import type { Shop } from './start.ts';
import { welcomeBanner } from './welcome-banner.ts';

/** One Ctrl-C may arrive twice, from the terminal and from npm; what comes later than this is meant. */
const SAME_SIGNAL_MS = 2000;
const GIVE_UP_MS = 10_000;

const root = dirname(dirname(import.meta.dirname));

/** Aborted by the first signal to stop; one that comes later ends the process as it is. */
function onSignals(): AbortSignal {
  const asked = new AbortController();
  let first: number | undefined;
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(name, () => {
      first ??= performance.now();
      if (!asked.signal.aborted) asked.abort(new Error(`stopped by ${name}`));
      else if (performance.now() - first > SAME_SIGNAL_MS) process.exit(1);
    });
  }
  return asked.signal;
}

function explain(error: unknown): string {
  return error instanceof StartFailure ? messageOf(error) : `Tradepost cannot start: ${messageOf(error)}`;
}

async function run(options: Options): Promise<number> {
  const signal = onSignals();
  console.log('Starting Tradepost …\n');
  let shop: Shop;
  try {
    // Loaded here, so that help and refusals come at once, and compiled once for all starts.
    enableCompileCache();
    const { startShop } = await import('./start.ts');
    shop = await startShop({ options, progress: createProgress(process.stdout), signal });
  } catch (err) {
    if (signal.aborted) {
      console.log('\nStopped.');
      return 0;
    }
    console.error(`\n${explain(err)}`);
    return 1;
  }
  process.on('uncaughtException', (err) => {
    console.error('\nTradepost has failed, and stops:', err);
    setTimeout(() => process.exit(1), GIVE_UP_MS);
    shop.stop().finally(() => process.exit(1));
  });
  const nearby = relative(root, shop.logFile);
  console.log(
    welcomeBanner({
      url: shop.url,
      logFile: nearby.startsWith('..') ? shop.logFile : nearby,
      demoPassword: shop.demoPassword,
    }),
  );
  if (!signal.aborted) await new Promise((resolve) => signal.addEventListener('abort', resolve));
  console.log('\nStopping …');
  await shop.stop();
  return 0;
}

async function main(): Promise<number> {
  // Whoever reads the output may have gone (`npm start | head`): nothing to stop for.
  process.stdout.on('error', () => {});
  try {
    const options = readOptions(process.argv.slice(2), process.env, root);
    if (options) return await run(options);
    console.log(helpText);
    return 0;
  } catch (err) {
    if (!(err instanceof UsageError)) throw err;
    console.error(err.message);
    return 2;
  }
}

process.exit(await main());
