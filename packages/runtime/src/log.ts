import { context, isSpanContextValid, trace } from '@opentelemetry/api';
import { type DestinationStream, type Logger, pino, stdSerializers } from 'pino';
import { requestIdOf } from './trace.ts';

/** How long a line may wait for others to be written along with it. */
const FLUSH_MS = 200;

/** Keys whose values never reach a log, in whatever they are nested. */
const SECRET_KEY = /^(authorization|proxy-authorization|cookie|set-cookie|.*(password|secret|token|api-?key))$/i;

/** How deep secrets are looked for; nothing that is logged on purpose lies deeper. */
const MAX_DEPTH = 5;

/**
 * A logger of JSON lines. Each line that is written while a request or message is handled carries its `requestId`,
 * `traceId` and `spanId` by itself. Credentials that end up in a line are replaced by `[redacted]`.
 */
export function createLogger(o: { name: string; level?: string; destination?: DestinationStream }): Logger {
  return pino(
    {
      level: o.level ?? 'info',
      base: { service: o.name },
      formatters: {
        level: (label) => ({ level: label }),
        log: (line) => redacted(line, 0),
      },
      serializers: { err: (error: Error) => redacted(stdSerializers.err(error), 0) },
      timestamp: timestamps(),
      mixin: ids,
    },
    o.destination ?? bufferedOutput(),
  );
}

/** RFC 3339; all but the milliseconds is written once a second. */
function timestamps(): () => string {
  let second = Number.NaN;
  let prefix = '';
  return () => {
    const now = Date.now();
    const thisSecond = Math.floor(now / 1000);
    if (thisSecond !== second) {
      second = thisSecond;
      prefix = `,"time":"${new Date(now).toISOString().slice(0, 20)}`;
    }
    return `${prefix}${String(now - thisSecond * 1000).padStart(3, '0')}Z"`;
  };
}

function ids(): object {
  const active = context.active();
  const span = trace.getSpanContext(active);
  const requestId = requestIdOf(active);
  if (!span || !isSpanContextValid(span)) return requestId === undefined ? {} : { requestId };
  return { requestId, traceId: span.traceId, spanId: span.spanId };
}

/** The object itself if there is nothing to hide in it, as there nearly never is. */
function redacted<T extends object>(object: T, depth: number): T {
  let copy: T | undefined;
  for (const [key, value] of Object.entries(object)) {
    let shown: unknown = value;
    if (SECRET_KEY.test(key)) shown = value == null || typeof value === 'boolean' ? value : '[redacted]';
    else if (depth < MAX_DEPTH && typeof value === 'object' && value !== null && !(value instanceof Error)) {
      shown = redacted(value, depth + 1);
    }
    if (shown !== value) {
      copy ??= copyOf(object);
      Reflect.set(copy, key, shown);
    }
  }
  return copy ?? object;
}

function copyOf<T extends object>(object: T): T {
  // as: slice and spread keep the type of what they copy.
  return (Array.isArray(object) ? object.slice() : { ...object }) as T;
}

/**
 * Standard output, written in batches: a system call for each line would cost more than the line. What is severe is
 * written at once, the rest within `FLUSH_MS`, and everything at exit.
 */
function bufferedOutput(): DestinationStream {
  const output = pino.destination({ dest: 1, sync: false, minLength: 16_000 });
  let timer: NodeJS.Timeout | undefined;
  const flush = () => {
    timer = undefined;
    output.flush();
  };
  const stream = {
    // Asks pino to tell the level of each line.
    [Symbol.for('pino.metadata')]: true,
    lastLevel: 0,
    write(line: string) {
      output.write(line);
      if (stream.lastLevel >= 40) output.flush();
      else if (!timer) timer = setTimeout(flush, FLUSH_MS).unref();
    },
  };
  return stream;
}
