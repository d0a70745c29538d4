import { Writable } from 'node:stream';
import { type Logger, pino } from 'pino';

/** A log that a test can read: `lines` holds what was logged, as objects. */
export function recordingLog(): { log: Logger; lines: { msg: string; level: number }[] } {
  const lines: { msg: string; level: number }[] = [];
  const log = pino(
    { level: 'debug' },
    new Writable({
      write(chunk, _encoding, done) {
        lines.push(JSON.parse(String(chunk)));
        done();
      },
    }),
  );
  return { log, lines };
}

export const silent: Logger = pino({ level: 'silent' });
