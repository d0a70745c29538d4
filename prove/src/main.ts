// `npm run prove`: see `npm run prove -- --help`.
import { randomInt } from 'node:crypto';
import process from 'node:process';
import { helpText, type Options, readOptions, UsageError } from './options.ts';

/** One Ctrl-C may arrive twice, from the terminal and from npm; what comes later than this is meant. */
const SAME_SIGNAL_MS = 2000;

/** Aborted by the first signal to stop; one that comes later ends the process as it is. */
function onSignals(): AbortSignal {
  const asked = new AbortController();
  let first: number | undefined;
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(name, () => {
      first ??= performance.now();
      if (!asked.signal.aborted) asked.abort(new Error(`stopped by ${name}`));
      else if (performance.now() - first > SAME_SIGNAL_MS) process.exit(130);
    });
  }
  return asked.signal;
}

async function main(): Promise<number> {
  // Whoever reads the output may have gone (`npm run prove | head`): nothing to stop for.
  process.stdout.on('error', () => {});
  let options: Options | undefined;
  try {
    options = readOptions(process.argv.slice(2), () => randomInt(1, 1_000_000));
  } catch (err) {
    if (!(err instanceof UsageError)) throw err;
    console.error(err.message);
    return 2;
  }
  if (!options) {
    console.log(helpText);
    return 0;
  }
  const signal = onSignals();
  // Loaded here, so that help and refusals come at once.
  const { runProve } = await import('./run.ts');
  return runProve(options, signal);
}

process.exit(await main());
