import path from 'node:path';
import { buildOnce } from '../web/build-once.ts';
import { bundle } from './bundle.ts';

export const serviceNames = ['api-gateway', 'auth', 'product', 'order', 'notification'] as const;
export type ServiceName = (typeof serviceNames)[number];

/** All that goes into a bundle: programs, libraries, migrations, and the shop in the gateway's. */
const sources = [
  ...['{services,packages}/*/src/**/*', 'services/*/migrations/*', '{services,packages}/*/package.json'],
  ...['web/src/**/*', 'web/public/*', 'web/*.{html,ts,json}', 'images/*.ts', 'package-lock.json'],
];

/**
 * The folder with the bundles of all services, as an image has them: `<service>/src/service.mjs` and what lies beside it. They are
 * made, which takes some ten seconds, unless they were made from these very sources. Nobody changes such a folder, so that
 * whoever runs its programs may go on while others build.
 */
export async function builtServices(): Promise<string> {
  const { folder } = await buildOnce({
    builds: path.join(import.meta.dirname, 'dist'),
    sources,
    // Machine code is among the files, and what V8 has compiled.
    alsoDependsOn: `${process.version} ${process.platform} ${process.arch}`,
    build: async (into) => {
      await Promise.all(serviceNames.map((service) => bundle(service, into)));
    },
  });
  return folder;
}

/** The program of a service among them. */
export const programOf = (folder: string, service: ServiceName): string =>
  path.join(folder, service, 'src/service.mjs');
