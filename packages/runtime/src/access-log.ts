import { type Logger, pino } from 'pino';

/** What is said of a request that has been answered. */
export type AccessEntry = {
  method: string;
  /** Without the query, which may hold what is private. */
  path: string;
  route: string;
  status: number;
  /** The `code` of the problem it was answered with. */
  code: string | undefined;
  ms: number;
  accountId: string | undefined;
  requestId: string;
  traceId: string | undefined;
};

const { symbols } = pino;
const INFO = 30;

/**
 * Makes the writer of the one line that each request gets, at level `info`. It writes the line that `log.info(entry,
 * 'request')` would, into the same stream, but puts it together by hand: with several thousand requests a second the general
 * way costs more than most of what is logged.
 */
export function createAccessLog(log: Logger): (entry: AccessEntry) => void {
  const level: unknown = Object(Reflect.get(log, symbols.lsCacheSym))[INFO];
  const bindings: unknown = Reflect.get(log, symbols.chindingsSym);
  const time: unknown = Reflect.get(log, symbols.timeSym);
  const stream: unknown = Reflect.get(log, symbols.streamSym);
  if (typeof level !== 'string' || typeof bindings !== 'string' || typeof time !== 'function' || !isStream(stream)) {
    return (entry) => log.info(entry, 'request');
  }
  return (entry) => {
    if (!log.isLevelEnabled('info')) return;
    const optional =
      (entry.code === undefined ? '' : `,"code":"${entry.code}"`) +
      (entry.accountId === undefined ? '' : `,"accountId":${quoted(entry.accountId)}`) +
      (entry.traceId === undefined ? '' : `,"traceId":"${entry.traceId}"`);
    stream.lastLevel = INFO;
    stream.write(
      `${level}${time()}${bindings},"method":"${entry.method}","path":${quoted(entry.path)},"route":${quoted(entry.route)}` +
        `,"status":${entry.status},"ms":${Math.round(entry.ms * 100) / 100}${optional}` +
        `,"requestId":"${entry.requestId}","msg":"request"}\n`,
    );
  };
}

/** `lastLevel` is what pino tells streams that ask for it. */
type Stream = { write(line: string): unknown; lastLevel?: number };

function isStream(value: unknown): value is Stream {
  return typeof value === 'object' && value !== null && 'write' in value && typeof value.write === 'function';
}

const PLAIN = /^[\w/:.,;@&=+$!~*'()%-]*$/;

function quoted(text: string): string {
  return PLAIN.test(text) ? `"${text}"` : JSON.stringify(text);
}
