import { join } from 'node:path';
import type { DataFolder } from '../data-folder.ts';
import { demoCatalogue } from '../demo-catalogue.ts';
import { signIn } from '../health-check.ts';
import type { LogFile } from '../log-file.ts';
import { admin, demoAccounts, seedAccounts, seller } from './accounts.ts';
import { type Api, ApiFailure } from './api.ts';
import { seedCatalogue, seedFeatured, seedNavigation } from './catalogue.ts';
import { copyPictures } from './media.ts';
import { seedPricingRules } from './pricing-rules.ts';
import { retryWhileUnavailable } from './retry.ts';

/** Fills the shop the first time, or completes what was cut off. True if there was something to do. */
export async function seedDemoShop(o: {
  folder: DataFolder;
  api: Api;
  databaseUrl: (service: string) => string;
  /** Whether the shop gets taxes, shipping and promotions. Without, prices are what they are and shipping is free. */
  withRules: boolean;
  password: string;
  logFile: LogFile;
  signal: AbortSignal;
  note: (text: string) => void;
}): Promise<boolean> {
  const { folder, api, databaseUrl, withRules, password, logFile, signal, note } = o;
  const isSeeded = await folder.isDone('demo');
  await copyPictures(join(folder.media, 'demo'));
  if (!isSeeded) {
    const retry = (work: () => Promise<void>) => retryWhileUnavailable(work, { signal, note });
    await retry(() => seedAccounts({ databaseUrl: databaseUrl('auth'), password, logFile }));
    if (withRules) await retry(() => seedPricingRules({ databaseUrl: databaseUrl('order'), logFile }));
    await retry(() => fill(api, password));
    await folder.markDone('demo');
  }
  note(isSeeded ? 'as it was left' : `${demoCatalogue.products.length} products and ${demoAccounts.length} accounts`);
  return !isSeeded;
}

/** Puts the catalogue on sale as the demo's seller; as its admin, chooses what is featured and what is in the navigation. */
async function fill(api: Api, password: string): Promise<void> {
  await signedIn(api, { ...seller, password }, (token) => seedCatalogue(api, token));
  await signedIn(api, { ...admin, password }, async (token) => {
    await seedFeatured(api, token);
    await seedNavigation(api, token);
  });
}

async function signedIn(
  api: Api,
  { email, password }: { email: string; password: string },
  work: (token: string) => Promise<void>,
): Promise<void> {
  const answer = await signIn(api, { email, password });
  const { token } = answer.body;
  if (typeof token !== 'string') throw new ApiFailure(`${email} cannot sign in`, answer);
  await work(token);
  await api('POST', '/api/v1/auth/sign-out', { token, body: {} });
}
