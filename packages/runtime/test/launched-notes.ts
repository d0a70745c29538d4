import { createInMemoryTransport } from '@tradepost/messaging/in-memory-transport';
import type { Transport } from '@tradepost/messaging/transport';
import { type Logger, pino } from 'pino';
import type { ServiceHandle } from '../src/service.ts';
import { readSettings } from '../src/settings.ts';
import { startService } from '../src/start-service.ts';
import { notesService } from './notes.ts';

/** A transport on which the notes service is given what it handles, and nobody else has to listen. */
export function notesTransport(): Transport {
  return createInMemoryTransport({
    log: pino({ level: 'silent' }),
    topology: { notes: { queue: ['order.placed.v1'] } },
  });
}

/** Launches the notes service on free ports. */
export function launchNotes(
  env: Record<string, string>,
  o: { transport?: Transport; log?: Logger; database?: 'always' | 'at-start' | 'optional' } = {},
): Promise<ServiceHandle> {
  const settings = readSettings(notesService.settings, {
    HOST: '127.0.0.1',
    PORT: '0',
    MANAGEMENT_PORT: '0',
    BROKER_URL: 'memory:',
    AUTH_URL: 'http://127.0.0.1:1',
    SHUTDOWN_DELAY_MS: '0',
    ...env,
  });
  const log = o.log ?? pino({ level: 'silent' });
  return startService(
    { ...notesService, database: o.database ?? 'always' },
    { settings, transport: o.transport ?? notesTransport(), log },
  );
}
