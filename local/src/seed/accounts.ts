import { ensureAccount } from '@tradepost/auth/actions/ensure-account';
import { createPool } from '@tradepost/postgres/pool';
import { createLogger } from '@tradepost/runtime/log';
import type { LogFile } from '../log-file.ts';

/** Of all demo accounts, where only this machine reaches the shop. Elsewhere it is random: see `chooseDemoPassword`. */
export const PASSWORD = 'tradepost-demo';

/** `can` says what an account is for, to whoever reads the first screen. */
export const customer = {
  email: 'customer@tradepost.example',
  name: 'Robin Vermeer',
  role: 'customer',
  can: 'buys',
} as const;
export const seller = {
  email: 'seller@tradepost.example',
  name: 'Alder & Quay',
  role: 'seller',
  can: 'owns the demo products',
} as const;
export const admin = {
  email: 'admin@tradepost.example',
  name: 'Sasha Lindqvist',
  role: 'admin',
  can: 'may do everything',
} as const;
export const demoAccounts = [customer, seller, admin] as const;

/** Makes the demo accounts that are not there yet. Nobody can sign up as a seller, so this asks auth's own action. */
export async function seedAccounts(o: { databaseUrl: string; password: string; logFile: LogFile }): Promise<void> {
  const log = createLogger({ name: 'seed', destination: o.logFile });
  const pool = createPool({ url: o.databaseUrl, name: 'seed', max: 1, log });
  try {
    for (const { email, name, role } of demoAccounts) {
      await ensureAccount(pool, { email, name, role, password: o.password });
    }
  } finally {
    await pool.end();
  }
}
