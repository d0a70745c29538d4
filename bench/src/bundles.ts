import path from 'node:path';
import { bundle } from '../../images/bundle.ts';

export const serviceNames = ['api-gateway', 'auth', 'product', 'order', 'notification'] as const;
export type ServiceName = (typeof serviceNames)[number];

/** Bundles the services as `npm run build` does, but here: what others do with `dist/` meanwhile is not to matter. */
export async function bundleServices(scratch: string): Promise<void> {
  for (const service of serviceNames) await bundle(service, path.join(scratch, 'dist'));
}

/** The program of a service, once it is bundled. */
export const bundleOf = (scratch: string, service: ServiceName): string =>
  path.join(scratch, 'dist', service, 'src/service.mjs');
