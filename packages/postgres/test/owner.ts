// Run by embedded.test.ts as a process of its own: starts PostgreSQL in the folder given, says so, and stays.
import { pino } from 'pino';
import { startPostgres } from '../src/embedded.ts';

const [directory = ''] = process.argv.slice(2);
try {
  const server = await startPostgres({ directory, log: pino({ level: 'silent' }) });
  process.stdout.write(`${JSON.stringify({ port: server.port, url: server.url('postgres') })}\n`);
  process.on('SIGTERM', () => server.stop().then(() => process.exit(0)));
  setInterval(() => {}, 1_000_000);
} catch (err) {
  process.stdout.write(`${JSON.stringify({ error: String(err) })}\n`);
}
