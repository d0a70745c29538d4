import { describe, expect, test } from 'vitest';
import { UsageError } from '../src/failure.ts';
import { readOptions } from '../src/options.ts';

describe('the command line', () => {
  test('needs nothing', () => {
    expect(readOptions([], {}, '/shop')).toMatchObject({
      fresh: false,
      host: '127.0.0.1',
      port: 8080,
      dataFolder: '/shop/.tradepost',
      withRules: true,
    });
  });

  test('reads port, host and data folder from the environment', () => {
    const env = { PORT: '9000', HOST: '0.0.0.0', TRADEPOST_DATA: 'elsewhere' };
    expect(readOptions(['--fresh'], env, '/shop')).toMatchObject({
      fresh: true,
      host: '0.0.0.0',
      port: 9000,
      dataFolder: '/shop/elsewhere',
    });
    expect(readOptions([], { TRADEPOST_DATA: '/data' }, '/shop')?.dataFolder).toBe('/data');
    expect(readOptions([], { TRADEPOST_RULES: 'off' }, '/shop')?.withRules).toBe(false);
  });

  test('asks for help', () => {
    expect(readOptions(['--help'], {}, '/shop')).toBeUndefined();
    expect(readOptions(['-h'], {}, '/shop')).toBeUndefined();
  });

  test.each(['--frsh', 'fresh', '--fresh=yes', '--port', ''])('refuses %j, and names it', (option) => {
    expect(() => readOptions(['--fresh', option], {}, '/shop')).toThrow(UsageError);
    expect(() => readOptions([option], {}, '/shop')).toThrow(`Unknown option: ${option}`);
  });

  test.each(['http', '-1', '65536', '80.5', '0x50'])('refuses the port %j', (port) => {
    expect(() => readOptions([], { PORT: port }, '/shop')).toThrow('PORT');
  });
});
