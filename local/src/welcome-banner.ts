import type { DemoPassword } from './secrets.ts';
import { customer, demoAccounts } from './seed/accounts.ts';

/** What the block of commands buys; of both there is plenty. */
const WANTED = [
  { sku: 'MUG-MOSS', quantity: 2 },
  { sku: 'NOTEBOOK-FOREST', quantity: 1 },
];

/**
 * The banner that is printed once the shop is ready: where it is, how to sign in, and commands that buy something. The commands
 * work in bash and zsh and need nothing but curl and sed; they stand at the beginning of the line, to be copied.
 */
export function welcomeBanner(o: { url: string; logFile: string; demoPassword: DemoPassword }): string {
  const accounts = demoAccounts.map(({ email, can }) => `${email.padEnd(28)} ${can}`);
  return `
Tradepost is ready at ${o.url}

  API reference  ${o.url}/docs
  Mails          ${o.url}/mail
  Accounts       ${accounts.join(`\n${' '.repeat(17)}`)}
  Password       ${passwordLine(o.demoPassword)}
  Log            ${o.logFile}
  Stop           Ctrl-C

Buy something: paste this into another terminal. It signs in, orders, and waits until the order is paid for.

${purchase(o.url, o.demoPassword)}

Then pay with "declined" instead of "ok", or look around:

curl -s '${o.url}/api/v1/products?q=lamp&inStock=true'
`;
}

/** A random password is printed once, by the start that made it up. */
function passwordLine({ password, file, isNew }: DemoPassword): string {
  if (file === undefined) return password;
  return isNew ? `${password} (random, printed this once, and kept in ${file})` : `kept in ${file}`;
}

/** The commands that sign in and buy something. A random password is read from its file. */
export function purchase(url: string, { password, file }: Pick<DemoPassword, 'password' | 'file'>): string {
  const credentials = `'{"email":"${customer.email}","password":"${file === undefined ? password : `'"$(cat '${file}')"'`}"}'`;
  const order = {
    lines: WANTED,
    shippingAddress: {
      name: customer.name,
      line1: 'Hafenstrasse 1',
      city: 'Hamburg',
      postalCode: '20457',
      country: 'DE',
    },
    payment: { provider: 'sandbox', token: 'ok' },
  };
  const { lines, shippingAddress, payment } = order;
  return String.raw`TOKEN=$(curl -s ${url}/api/v1/auth/sign-in/email -H 'Content-Type: application/json' \
  -d ${credentials} | sed -E 's/.*"token":"([^"]+)".*/\1/')
curl -s ${url}/api/v1/orders -H "Authorization: Bearer $TOKEN" -H 'Content-Type: application/json' \
  -H "Idempotency-Key: $(date +%s)-$RANDOM" -H 'Prefer: wait=10' \
  -d '{"lines":${JSON.stringify(lines)},
       "shippingAddress":${JSON.stringify(shippingAddress)},
       "payment":${JSON.stringify(payment)}}'; echo`;
}
