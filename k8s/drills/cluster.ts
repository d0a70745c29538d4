import { spawn, spawnSync } from 'node:child_process';

/** One namespace of one cluster, by kubectl, in which drills are allowed. */
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
  /** Names of what a selector finds. */
  names(kind: string, selector: string): string[];
};

const LABEL = 'tradepost.example/drills';

/** Refuses a namespace that is not labelled for drills: somebody may be shopping there. */
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
  const label = kubectl(
    'get',
    'namespace',
    namespace,
    '--output',
    `jsonpath={.metadata.labels.${LABEL.replaceAll('.', '\\.')}}`,
  );
  if (label !== 'allowed') {
    throw new Error(
      `The namespace ${namespace} is not labelled for drills, which disturb whoever uses it. If that is meant:\n  kubectl label namespace ${namespace} ${LABEL}=allowed`,
    );
  }
  return {
    namespace,
    environment: namespace.replace(/^tradepost-/, ''),
    kubectl,
    send,
    rolledOut(what) {
      console.log(`  waiting for ${what}`);
      kubectl('rollout', 'status', what, '--timeout=10m');
    },
    names: (kind, selector) =>
      kubectl('get', kind, '--selector', selector, '--output', 'name').split('\n').filter(Boolean),
    follow: (seen, ...args) =>
      new Promise((resolve, reject) => {
        const child = spawn('kubectl', [...base, ...args], { stdio: ['ignore', 'pipe', 'inherit'] });
        let rest = '';
        child.stdout.on('data', (chunk: Buffer) => {
          const lines = (rest + chunk.toString('utf8')).split('\n');
          rest = lines.pop() ?? '';
          if (lines.some(seen)) {
            child.kill();
            resolve();
          }
        });
        child.once('exit', () =>
          reject(new Error(`kubectl ${args.join(' ')} ended before it said what was waited for`)),
        );
      }),
  };
}
