/** Where Chromium is: Debian's, unless CHROMIUM names another. */
export const executablePath = process.env.CHROMIUM ?? '/usr/bin/chromium';
