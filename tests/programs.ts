import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { executablePath } from './browser/executable-path.ts';

/** A program of the machine that some tests need, beside what `npm install` brings. */
type RequiredProgram = { name: string; isInstalled: () => boolean; tests: string; install: string };

const onPath = (command: string): boolean =>
  (process.env.PATH ?? '').split(delimiter).some((folder) => existsSync(join(folder, command)));

const requiredPrograms: readonly RequiredProgram[] = [
  {
    name: 'RabbitMQ',
    isInstalled: () => process.env.BROKER_URL !== undefined || existsSync('/usr/lib/rabbitmq/bin/rabbitmq-server'),
    tests: 'everything over the real broker: messaging, outages, chaos, benchmarks',
    install: 'apt-get install rabbitmq-server, or BROKER_URL=amqp://… for one that runs',
  },
  {
    name: 'Chromium',
    isInstalled: () => existsSync(executablePath),
    tests: 'the web shop in a browser (tests/browser)',
    install: 'apt-get install chromium-headless-shell, or CHROMIUM=/path/to/chromium',
  },
  {
    name: 'kubectl',
    isInstalled: () => onPath('kubectl'),
    tests: 'the Kubernetes manifests (tests/manifests)',
    install: 'https://kubernetes.io/docs/tasks/tools/',
  },
  {
    name: 'PostgreSQL programs (pg_dump, psql)',
    isInstalled: () => existsSync('/usr/lib/postgresql'),
    tests: 'backup and restore (tests/manifests/backup.test.ts) and pods',
    install: 'apt-get install postgresql',
  },
  {
    name: 'nginx',
    isInstalled: () => existsSync('/usr/sbin/nginx'),
    tests: 'only the comparison of the gateway with nginx in the benchmarks',
    install: 'apt-get install nginx',
  },
];

/**
 * Says before the first test which tests are skipped because a program is missing, and how to install it. With `CI` set the
 * files of these tests fail instead, since continuous integration skips nothing.
 */
export default function reportMissingPrograms(): void {
  // Vitest loads this file once for each of its projects.
  if (process.env.TEST_PROGRAMS_REPORTED) return;
  process.env.TEST_PROGRAMS_REPORTED = 'yes';
  const missing = requiredPrograms.filter((program) => !program.isInstalled());
  if (missing.length === 0) return;
  const outcome = process.env.CI ? 'Will fail' : 'Skipped';
  const lines = missing.map(
    ({ name, tests, install }) => `  ${name} is not installed. ${outcome}: ${tests}.\n    To run them: ${install}`,
  );
  process.stderr.write(`Some tests need programs that are not here:\n${lines.join('\n')}\n\n`);
}
