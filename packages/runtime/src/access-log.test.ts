import { pino } from 'pino';
import { expect, test } from 'vitest';
import { type AccessEntry, createAccessLog } from './access-log.ts';
import { createLogger } from './log.ts';

const entry: AccessEntry = {
  method: 'GET',
  path: '/api/v1/products/"\\\u0001ä',
  route: '/api/v1/products/:id',
  status: 404,
  code: 'not_found',
  ms: 1.23,
  accountId: '01980a7e-5b1c-7c3e-9a52-3f4f1c0a9d11',
  requestId: 'request-1',
  traceId: '0af7651916cd43dd8448eb211c80319c',
};

test('the line is the one that pino would have written', () => {
  const lines: Record<string, unknown>[] = [];
  const log = createLogger({ name: 'test', destination: { write: (line: string) => lines.push(JSON.parse(line)) } });
  for (const one of [entry, { ...entry, code: undefined, accountId: undefined, traceId: undefined }]) {
    createAccessLog(log)(one);
    log.info(one, 'request');
    const [written, expected] = lines.splice(0).map((line) => ({ ...line, time: typeof line.time }));
    expect(written).toEqual(expected);
  }
});

test('the level applies with every logger', () => {
  const lines: string[] = [];
  const destination = { write: (line: string) => lines.push(line) };
  createAccessLog(createLogger({ name: 'test', level: 'warn', destination }))(entry);
  expect(lines).toEqual([]);
  createAccessLog(pino({ level: 'info' }, destination))(entry);
  expect(JSON.parse(lines[0] ?? '')).toMatchObject({ level: 30, path: entry.path, msg: 'request' });
});
