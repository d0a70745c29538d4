// Drills: disturbs a real cluster while shoppers buy, and counts what they noticed.
//   node k8s/drills/run.ts <drill> --context <context> --namespace <namespace>
import { parseArgs } from 'node:util';
import { type Cluster, openCluster } from './cluster.ts';
import { drills } from './drills.ts';
import { startLoad } from './shoppers.ts';

const HELP = `node k8s/drills/run.ts <drill> --context <context> --namespace <namespace>

${Object.entries(drills)
  .map(([name, { tells }]) => `  ${name.padEnd(20)} ${tells}`)
  .join('\n')}
  all                  one after another

The namespace must be labelled for it: kubectl label namespace <namespace> tradepost.example/drills=allowed
Ends with a table: requests, failures, orders accepted, settled, lost. The exit code is 1 when a request failed or an order was lost.
`;

async function drill(cluster: Cluster, name: string): Promise<string[]> {
  const chosen = drills[name];
  if (!chosen) throw new Error(`There is no drill ${name}`);
  console.log(`\n── ${name}: ${chosen.tells}`);
  if (chosen.without === 'shoppers') {
    await chosen.disturb(cluster);
    return [name, '–', '–', '–', '–', '–'];
  }
  const load = await startLoad(cluster);
  try {
    await chosen.disturb(cluster);
    const { requests, failures, accepted, settled, lost, examples } = await load.end();
    for (const example of examples) console.log(`  failed: ${example}`);
    return [name, ...[requests, failures, accepted, settled, lost].map(String)];
  } finally {
    load.remove();
  }
}

function table(rows: string[][]): string {
  const head = ['drill', 'requests', 'failures', 'accepted', 'settled', 'lost'];
  const all = [head, ...rows];
  const widths = head.map((_, column) => Math.max(...all.map((row) => (row[column] ?? '').length)));
  return all
    .map((row) =>
      row
        .map((cell, column) => (column === 0 ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0)))
        .join('  '),
    )
    .join('\n');
}

async function main(args: string[]): Promise<number> {
  const options = {
    context: { type: 'string' },
    namespace: { type: 'string' },
    help: { type: 'boolean', short: 'h' },
  } as const;
  const { values, positionals } = parseArgs({ args, options, allowPositionals: true });
  const [name] = positionals;
  const { context, namespace } = values;
  if (values.help || !name || !context || !namespace || !(name === 'all' || name in drills)) {
    console.log(HELP);
    return values.help ? 0 : 2;
  }
  const cluster = openCluster(context, namespace);
  const rows: string[][] = [];
  for (const one of name === 'all' ? Object.keys(drills) : [name]) rows.push(await drill(cluster, one));
  console.log(`\n${table(rows)}`);
  return rows.every(([, , failures, , , lost]) => [failures, lost].every((count) => count === '0' || count === '–'))
    ? 0
    : 1;
}

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
