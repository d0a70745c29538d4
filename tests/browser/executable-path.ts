import { existsSync } from 'node:fs';

/**
 * Where Chromium is: CHROMIUM, or Debian's. Its build without windows (`chromium-headless-shell`) comes first: the tests take half as
 * long in it.
 */
export const executablePath =
  process.env.CHROMIUM ??
  ['/usr/bin/chromium-headless-shell', '/usr/bin/chromium'].find((path) => existsSync(path)) ??
  '/usr/bin/chromium';
