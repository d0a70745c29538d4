// Drills: disturbs a real cluster while shoppers buy, and counts what they noticed.
//   node k8s/drills/run.ts <drill> --context <context> --namespace <namespace>
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { terminalTable } from '@tradepost/testing/report/text-tables';
import { type Cluster, openCluster } from '../kubectl.ts';
import { drills } from './drills.ts';
import { startLoad } from './shoppers.ts';

const HELP = `node k8s/drills/run.ts <drill> --context <context> --namespace <namespace>

${Object.entries(drills)
  .map(([name, { tells }]) => `  ${name.padEnd(20)} ${tells}`)
  .join('\n')}
  all                  one after another

  --calm <seconds>     of shopping before and after each, 10: to compare with, and for what shows late

The namespace must be labelled for it: kubectl label namespace <namespace> tradepost.example/drills=allowed
Ends with a table: requests, failures, orders accepted, settled, lost. The exit code is 1 when a request failed or an order was lost.
`;

const LABEL = 'tradepost.example/drills';

/** Refuses a namespace that is not labelled for drills: somebody may be shopping there. */
function mustBeLabelled({ kubectl, namespace }: Cluster): void {
  const path = `jsonpath={.metadata.labels.${LABEL.replaceAll('.', '\\.')}}`;
  if (kubectl('get', 'namespace', namespace, '--output', path) === 'allowed') return;
  throw new Error(
    `The namespace ${namespace} is not labelled for drills, which disturb whoever uses it. If that is meant:\n  kubectl label namespace ${namespace} ${LABEL}=allowed`,
  );
}

async function drill(cluster: Cluster, name: string, calmMs: number): Promise<string[]> {
  const chosen = drills[name];
  if (!chosen) throw new Error(`There is no drill ${name}`);
  console.log(`\n── ${name}: ${chosen.tells}`);
  chosen.mustBePossible?.(cluster);
  if (chosen.without === 'shoppers') {
    await chosen.disturb(cluster);
    return [name, '–', '–', '–', '–', '–'];
  }
  const load = await startLoad(cluster);
  try {
    await sleep(calmMs);
    await chosen.disturb(cluster);
    await sleep(calmMs);
    const { requests, failures, accepted, settled, lost, examples } = await load.end();
    for (const example of examples) console.log(`  failed: ${example}`);
    return [name, ...[requests, failures, accepted, settled, lost].map(String)];
  } finally {
    load.remove();
  }
}

async function main(args: string[]): Promise<number> {
  const options = {
    context: { type: 'string' },
    namespace: { type: 'string' },
    calm: { type: 'string', default: '10' },
    help: { type: 'boolean', short: 'h' },
  } as const;
  const { values, positionals } = parseArgs({ args, options, allowPositionals: true });
  const [name] = positionals;
  const { context, namespace } = values;
  const calmMs = Number(values.calm) * 1000;
  const isKnown = name === 'all' || (name !== undefined && name in drills);
  if (values.help || !name || !context || !namespace || !isKnown || !(calmMs >= 0)) {
    console.log(HELP);
    return values.help ? 0 : 2;
  }
  const cluster = openCluster(context, namespace);
  mustBeLabelled(cluster);
  const rows: string[][] = [];
  for (const one of name === 'all' ? Object.keys(drills) : [name]) {
    try {
      rows.push(await drill(cluster, one, calmMs));
    } catch (error) {
      // The others can be held all the same.
      console.error(`  ${error instanceof Error ? error.message : error}`);
      rows.push([one, 'not held', '', '', '', '']);
    }
  }
  const heads = ['drill', 'requests', 'failures', 'accepted', 'settled', 'lost'];
  console.log(`\n${terminalTable(heads, 1, rows).join('\n')}`);
  const isQuiet = ([, , failures, , , lost]: string[]) => [failures, lost].every((count) => /^[0–]$/.test(count ?? ''));
  return rows.every(isQuiet) ? 0 : 1;
}

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
