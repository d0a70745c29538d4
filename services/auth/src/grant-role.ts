import { EventRole } from '@tradepost/contracts/roles';
import { createPool } from '@tradepost/postgres/pool';
import { commonSettings } from '@tradepost/runtime/common-settings';
import { createLogger } from '@tradepost/runtime/log';
import { readSettings } from '@tradepost/runtime/settings';
import { Type } from 'typebox';
import { Value } from 'typebox/value';
import { grantRole } from './actions/ensure-account.ts';

// `node services/auth/src/grant-role.ts <email> <role>`: for the first admin. It needs DATABASE_URL, and DATABASE_CA if there is one.
const [email, role] = process.argv.slice(2);
if (email === undefined || !Value.Check(EventRole, role)) {
  process.stderr.write('Usage: node services/auth/src/grant-role.ts <email> <customer|seller|admin>\n');
  process.exit(2);
}
const { DATABASE_URL, DATABASE_CA } = commonSettings;
const settings = readSettings(Type.Object({ DATABASE_URL, DATABASE_CA }), process.env);
const database = { url: settings.DATABASE_URL, ca: settings.DATABASE_CA };
const pool = createPool({ ...database, name: 'auth-grant', log: createLogger({ name: 'auth-grant', level: 'warn' }) });
const account = await grantRole(pool, email, role);
await pool.end();
if (!account) {
  process.stderr.write(`There is no account with the address ${email}: sign up first\n`);
  process.exit(1);
}
process.stdout.write(`${account.email} is ${account.role} now\n`);
