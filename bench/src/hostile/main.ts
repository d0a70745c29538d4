// Measures what one hostile client does to the others: latencies of product reads without it and beside it, and the memory of each
// service. It starts the services itself, each as one process with the memory limits of k8s/base:
//   node tools/run.mjs bench/src/hostile/main.ts [--megabytes 300] [--only text]
import { parseArgs } from 'node:util';
import { markdownTable } from '@tradepost/testing/report/text-tables';
import { deploy } from '../deployment.ts';
import { startInfrastructure } from '../infrastructure.ts';
import { makeScratch, removeScratch } from '../scratch.ts';
import { seedDatabases, tagOf } from '../seeding.ts';
import { prepareAttacks } from './attacks.ts';
import { measureAttack } from './measure-attack.ts';

const { values } = parseArgs({
  options: { megabytes: { type: 'string', default: '300' }, only: { type: 'string', default: '' } },
});

await using cleanup = new AsyncDisposableStack();
const scratch = cleanup.adopt(await makeScratch(), removeScratch);
console.error('Bundling and starting the services …');
const infrastructure = cleanup.adopt(await startInfrastructure(scratch), (one) => one.stop());
const size = { products: 1000, orders: 0 };
await seedDatabases(infrastructure, size, () => {});
// The rates are those of production, and each client has an address of its own, as behind an ingress controller.
const rates = { RATE_LIMIT_ADDRESS: '1200/60', RATE_LIMIT_IDENTITY: '1200/60', RATE_LIMIT_SIGN_IN: '60/60' };
const settings = { ...rates, TRUSTED_PROXY_HOPS: '1' };
const deployment = cleanup.adopt(await deploy(infrastructure, tagOf(size), settings), (one) => one.stop());
const attacks = await prepareAttacks(infrastructure, deployment, Number(values.megabytes) * 1024 * 1024);

const latencies = ['p99 without', 'p99 beside it', 'ratio'];
console.log(markdownTable(['attack', ...latencies, 'reads failed', 'memory of each service', 'its answer'], []));
for (const attack of attacks.filter(({ name }) => name.includes(values.only))) {
  console.log(await measureAttack(deployment, attack, '/api/v1/products/p-1'));
}
