// `npm run bench`: see --help, and README.md beside this folder.
import { writeFileSync } from 'node:fs';
import { cpus, release, totalmem } from 'node:os';
import { HELP, type Options, readOptions, UsageError } from './options.ts';
import { reportOf } from './report.ts';
import type { Results } from './results.ts';
import { type RunResults, runBenchmark } from './run.ts';
import { tableOf } from './table.ts';

const startedAt = new Date();
/** There once a signal has come. */
let stopping: Promise<void> | undefined;
const isTerminal = process.stderr.isTTY === true;

/** One line that is written over on a terminal, and a line each elsewhere. */
function onProgress(what: string): void {
  const seconds = ((Date.now() - startedAt.getTime()) / 1000).toFixed(0).padStart(4);
  process.stderr.write(isTerminal ? `\r\u001b[K${seconds} s  ${what}` : `${seconds} s  ${what}\n`);
}

function machine(): Results['machine'] {
  return {
    processor: cpus()[0]?.model.trim() ?? 'unknown',
    cores: cpus().length,
    memoryGiB: Math.round(totalmem() / 2 ** 30),
    node: process.versions.node,
    postgres: '18',
    kernel: release(),
  };
}

/** Measures, and writes what there is whenever there is more: a run that breaks leaves what it has measured. */
async function measureAll(options: Options): Promise<Results | undefined> {
  if (process.platform !== 'linux') throw new Error('It reads /proc, which only Linux has');
  await using started = new AsyncDisposableStack();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => {
      onProgress('stopping');
      // What is measured fails meanwhile, and is not to end the process before all is stopped.
      stopping ??= started.disposeAsync().finally(() => process.exit(signal === 'SIGINT' ? 130 : 143));
    });
  }
  let results: Results | undefined;
  const onResults = (measured: RunResults) => {
    results = {
      ...measured,
      machine: machine(),
      command: `npm run bench${process.argv.length > 2 ? ` -- ${process.argv.slice(2).join(' ')}` : ''}`,
      startedAt: startedAt.toISOString(),
      tookSeconds: Math.round((Date.now() - startedAt.getTime()) / 1000),
    };
    if (options.json) writeFileSync(options.json, `${JSON.stringify(results, null, 2)}\n`);
  };
  try {
    await runBenchmark(options, started, { onProgress, onResults });
  } finally {
    if (isTerminal) process.stderr.write('\r\u001b[K');
    if (results) process.stdout.write(tableOf(results));
    if (results && options.report) writeFileSync(options.report, reportOf(results));
  }
  return results;
}

async function main(): Promise<number> {
  const options = readOptions(process.argv.slice(2));
  if (!options) {
    process.stdout.write(HELP);
    return 0;
  }
  for (const file of [options.json, options.report]) if (file) writeFileSync(file, '', { flag: 'a' });
  const results = await measureAll(options);
  return results?.failures.length === 0 ? 0 : 1;
}

try {
  process.exitCode = await main();
} catch (error) {
  await stopping;
  if (error instanceof UsageError) process.stderr.write(`${error.message}\nnpm run bench -- --help tells the rest.\n`);
  else process.stderr.write(`\n${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
  process.exit(error instanceof UsageError ? 2 : 1);
}
