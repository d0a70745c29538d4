import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { createClient } from '@tradepost/client/client';

export type Api = ReturnType<typeof createClient>;

export const apiFor = (baseUrl: string, token?: string): Api => createClient({ baseUrl, token: () => token });

/** Asks until there is an answer; whatever is thrown meanwhile counts as none. */
export async function untilAnswered<T>(what: () => Promise<T | null | undefined>): Promise<T> {
  for (let attempt = 0; attempt < 600; attempt++) {
    const found = await what().catch(() => undefined);
    if (found !== undefined && found !== null) return found;
    await sleep(200);
  }
  throw new Error('It was never answered');
}

type Account = { email: string; password: string };

export async function signUp(baseUrl: string): Promise<Account & { token: string }> {
  const account = { email: `drill-${randomUUID()}@example.com`, password: randomUUID() };
  const body = { name: 'Drill', ...account };
  const token = await untilAnswered(
    async () => (await apiFor(baseUrl).POST('/api/v1/auth/sign-up/email', { body })).data?.token,
  );
  return { ...account, token };
}

/** Puts something on sale, as soon as the account may; `askForSeller` has it made a seller. */
export async function stockShop(
  baseUrl: string,
  askForSeller: (email: string) => void,
): Promise<{ sku: string; productId: string }> {
  const { email, password } = await signUp(baseUrl);
  askForSeller(email);
  const sku = `DRILL-${randomUUID().slice(0, 8).toUpperCase()}`;
  const body = {
    title: 'Drill',
    description: 'Only a drill.',
    variants: [{ sku, price: { amount: 100, currency: 'EUR' }, stock: 1_000_000 }],
  };
  const productId = await untilAnswered(async () => {
    // Signed in anew each time: what an account may do is known for as long as its token is.
    await sleep(500);
    const { data } = await apiFor(baseUrl).POST('/api/v1/auth/sign-in/email', { body: { email, password } });
    const header = { 'Idempotency-Key': sku };
    const made = await apiFor(baseUrl, data?.token).POST('/api/v1/products', { params: { header }, body });
    return made.data?.id;
  });
  return { sku, productId };
}
