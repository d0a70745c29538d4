import { spawn, spawnSync } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';

/** One namespace of one cluster, by kubectl. */
export type Cluster = {
  namespace: string;
  /** `tradepost-dev` → `dev`. */
  environment: string;
  /** Runs kubectl; throws if it fails. Answers what it printed. */
  kubectl(...args: string[]): string;
  /** The same, with a text on its standard input. */
  send(text: string, ...args: string[]): string;
  /** Follows what a command prints, line by line, until `seen` is content. */
  follow(seen: (line: string) => boolean, ...args: string[]): Promise<void>;
  /** Waits for a rollout, and says so. */
  rolledOut(what: string): void;
  /** Waits until a Job has ended, however it did; prints what it said, and removes it. Throws if it failed. */
  finished(job: string): Promise<void>;
  /** Names of what a selector finds. */
  names(kind: string, selector: string): string[];
};

const POLL_MS = 2000;

export function openCluster(context: string, namespace: string): Cluster {
  const base = ['--context', context, '--namespace', namespace];
  const send: Cluster['send'] = (text, ...args) => {
    const run = spawnSync('kubectl', [...base, ...args], {
      encoding: 'utf8',
      input: text,
      maxBuffer: 64 * 1024 * 1024,
    });
    if (run.status !== 0) throw new Error(`kubectl ${args.join(' ')}: ${run.error?.message ?? run.stderr}`);
    return run.stdout;
  };
  const kubectl: Cluster['kubectl'] = (...args) => send('', ...args);
  return {
    namespace,
    environment: namespace.replace(/^tradepost-/, ''),
    kubectl,
    send,
    rolledOut(what) {
      console.log(`  waiting for ${what}`);
      kubectl('rollout', 'status', what, '--timeout=10m');
    },
    async finished(job) {
      const conditions = () =>
        kubectl('get', 'job', job, '--output', 'jsonpath={.status.conditions[?(@.status=="True")].type}').split(/\s+/);
      let ended = conditions();
      for (; !ended.includes('Complete') && !ended.includes('Failed'); ended = conditions()) await sleep(POLL_MS);
      console.log(kubectl('logs', `job/${job}`).trimEnd());
      kubectl('delete', 'job', job, '--wait=false');
      if (ended.includes('Failed')) throw new Error(`The Job ${job} failed`);
    },
    names: (kind, selector) =>
      kubectl('get', kind, '--selector', selector, '--output', 'name').split('\n').filter(Boolean),
    follow: (seen, ...args) => follow([...base, ...args], seen),
  };
}

function follow(args: string[], seen: (line: string) => boolean): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn('kubectl', args, { stdio: ['ignore', 'pipe', 'inherit'] });
    let rest = '';
    child.stdout.on('data', (chunk: Buffer) => {
      const lines = (rest + chunk.toString('utf8')).split('\n');
      rest = lines.pop() ?? '';
      if (lines.some(seen)) {
        child.kill();
        resolve();
      }
    });
    child.once('error', reject);
    // Once all of its output was read, which the end of the process does not say.
    child.once('close', () => reject(new Error(`kubectl ${args.join(' ')} ended before it said what was waited for`)));
  });
}
