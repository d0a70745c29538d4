import { type Browser, chromium } from 'playwright-core';

/** Debian's; another one may be named. */
export const executablePath = process.env.CHROMIUM ?? '/usr/bin/chromium';

// Without these it looks for updates and the like, of hosts that a test has no business with.
const args = [
  ...['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run'],
  ...['--disable-background-networking', '--disable-component-update', '--disable-sync'],
];

/** `debuggingPort`: where other tools find it. */
export const launchBrowser = (o: { debuggingPort?: number } = {}): Promise<Browser> =>
  chromium.launch({
    executablePath,
    args: o.debuggingPort === undefined ? args : [...args, `--remote-debugging-port=${o.debuggingPort}`],
  });
