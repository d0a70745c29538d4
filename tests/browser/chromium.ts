import { type SharedResource, sharedResource } from '@tradepost/testing/shared-resources';
import { CONDITION_LIMIT_MS } from '@tradepost/testing/time-limits';
import { type Browser, chromium } from 'playwright-core';
import { executablePath } from './executable-path.ts';

// Without these it looks for updates and the like, of hosts that a test has no business with.
const args = [
  ...['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run'],
  ...['--disable-background-networking', '--disable-component-update', '--disable-sync'],
];

/** Starts the browser that all test files share; its address is that of Playwright's server. */
export async function startSharedBrowser(): Promise<SharedResource> {
  const server = await chromium.launchServer({ executablePath, args, host: '127.0.0.1', timeout: CONDITION_LIMIT_MS });
  return { address: server.wsEndpoint(), stop: () => server.close() };
}

/** The browser that all test files share. What the caller opens in it is closed with this connection. */
export async function connectToBrowser(): Promise<Browser> {
  return chromium.connect(await sharedResource('browser'), { timeout: CONDITION_LIMIT_MS });
}

/** `debuggingPort`: where other tools find it. */
export const launchBrowser = (o: { debuggingPort?: number } = {}): Promise<Browser> =>
  chromium.launch({
    executablePath,
    timeout: CONDITION_LIMIT_MS,
    args: o.debuggingPort === undefined ? args : [...args, `--remote-debugging-port=${o.debuggingPort}`],
  });
