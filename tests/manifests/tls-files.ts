import { readFileSync } from 'node:fs';
import path from 'node:path';
import { repository } from './rendering.ts';

/** A file of the component tls. */
export const tlsFile = (file: string) => readFileSync(path.join(repository, 'k8s/components/tls/db', file), 'utf8');

/** The lines of a configuration file, with the folder of the certificates where this machine has it. */
export const linesOf = (file: string, folder: string): string[] =>
  tlsFile(file)
    .replaceAll('/run/tls', folder)
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'));
