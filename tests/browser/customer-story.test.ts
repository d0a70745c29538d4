import { text } from 'node:stream/consumers';
import { freePort } from '@tradepost/testing/free-port';
import { rabbitForTests } from '@tradepost/testing/rabbitmq';
import { type ReceivedMail, startSmtpServer, type TestSmtpServer } from '@tradepost/testing/smtp';
import { until } from '@tradepost/testing/until';
import { builtWeb } from '@tradepost/web/build';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { codeOf, presentStep } from '../../services/auth/test/factors.ts';
import { audit, settled } from '../e2e/audit.ts';
import { openInProcess, type Shop } from '../e2e/shop.ts';
import { describeInBrowser, desk, visit } from './browser.ts';
import { connectToBrowser } from './chromium.ts';
import { isGuestsOrder } from './guest-checkout.ts';
import { fillAddress, putIntoCart } from './shop.ts';

const rabbit = await rabbitForTests();
const email = 'grace.story@example.com';
const [firstPassword, secondPassword] = ['a long enough secret', 'another secret, as long'];

describe.skipIf(!rabbit)('over RabbitMQ, PostgreSQL and a mail server', () => {
  describeInBrowser('the story of a customer', () => {
    let shop: Shop;
    let smtp: TestSmtpServer;
    let browser: Browser;
    let url: string;
    const stock = new Map<string, number>();
    beforeAll(async () => {
      const [{ folder }, gatewayPort] = await Promise.all([builtWeb(), freePort()]);
      smtp = await startSmtpServer();
      // Passkeys are for host names, not for addresses.
      url = `http://localhost:${gatewayPort}`;
      const env = { WEB_DIR: folder, PUBLIC_URL: url, SMTP_URL: smtp.url };
      shop = await openInProcess({ brokerUrl: rabbit?.url ?? '', gatewayPort, env });
      browser = await connectToBrowser();
    });
    afterAll(async () => {
      await browser?.close();
      await shop?.stop();
      await smtp?.close();
      await rabbit?.drop();
    });

    const mails = () => smtp.received.filter(({ to }) => to === email);
    const mail = (subject: RegExp): Promise<ReceivedMail> =>
      until(() => mails().find((one) => subject.test(one.email.subject ?? '')), { what: `the mail ${subject}` });
    /** The link of a mail to a page of the shop. */
    const linkIn = async (subject: RegExp): Promise<string> => {
      const found = new RegExp(`${url}/[^\\s<>"]+`).exec((await mail(subject)).email.text ?? '');
      if (!found) throw new Error(`No link in the mail ${subject}`);
      return found[0];
    };

    // Long: one story from the first order to the erasure
    it('who buys as a guest, keeps the order, loses the password, adds factors, and leaves: each mail once', async () => {
      const sku = await shop.sell(10);
      stock.set(sku, 10);
      const { body: found } = await shop.seller.call('GET', `/api/v1/products?q=${sku}`);
      const { page, context, complaints } = await visit(browser, url, desk);
      const cdp = await context.newCDPSession(page);
      await cdp.send('WebAuthn.enable');
      const device = { protocol: 'ctap2', transport: 'internal', hasResidentKey: true, hasUserVerification: true };
      await cdp.send('WebAuthn.addVirtualAuthenticator', {
        // as: these are the words of the protocol.
        options: { ...device, isUserVerified: true, automaticPresenceSimulation: true } as never,
      });

      // A guest buys, and opens the order by the link of the mail.
      await putIntoCart(page, found.items[0].slug);
      await page.getByRole('dialog', { name: 'Your cart' }).getByRole('link', { name: 'To the checkout' }).click();
      await page.getByLabel('E-mail address').fill(email);
      await page.getByLabel('Name', { exact: true }).first().fill('Grace Story');
      await fillAddress(page);
      await page.getByRole('button', { name: /^Place the order for/ }).click();
      await page.waitForURL(isGuestsOrder);
      const orderId = new URL(page.url()).pathname.split('/')[2] ?? '';
      await page.goto(await linkIn(/is confirmed/));
      await page.getByRole('heading', { name: 'Thank you. It is yours' }).waitFor();

      // An account takes the order, and its address is verified.
      await page.getByRole('link', { name: 'Keep this order in an account' }).click();
      await page.getByLabel('Name', { exact: true }).fill('Grace Story');
      await page.getByLabel('Password').fill(firstPassword);
      await page.getByRole('button', { name: 'Create the account' }).click();
      await page.getByText('The order is in your account now').waitFor();
      await page.goto(await linkIn(/Confirm your e-mail address/));
      await page.getByText(`${email} is verified`).waitFor();

      // The password is lost.
      await signOut(page);
      await page.goto('/forgot-password');
      await page.getByLabel('E-mail').fill(email);
      await page.keyboard.press('Enter');
      await page.goto(await linkIn(/Set a new password/));
      await page.getByLabel('New password').fill(secondPassword);
      await page.getByRole('button', { name: 'Set the password' }).click();
      await page.getByText('Your password is changed').waitFor();
      await signIn(page, secondPassword);
      await page.getByRole('link', { name: 'Grace' }).waitFor();

      // An authenticator app, and a passkey.
      await page.goto('/account');
      await page.getByRole('button', { name: 'Set up an authenticator app' }).click();
      const dialog = page.getByRole('dialog');
      await dialog.getByLabel('Your password').fill(secondPassword);
      await page.keyboard.press('Enter');
      const secret = ((await dialog.locator('code').textContent()) ?? '').replaceAll(' ', '');
      const step = presentStep();
      // By its role: the picture of the QR code has the word in its name, too.
      await dialog.getByRole('textbox', { name: 'Code' }).fill(await codeOf(secret, step));
      await page.keyboard.press('Enter');
      const recoveryCode = (await dialog.getByRole('listitem').first().textContent()) ?? '';
      await dialog.getByRole('button', { name: 'I have kept them' }).click();
      await signOut(page);
      await page.goto('/sign-in');
      await signIn(page, secondPassword);
      await page.getByLabel('Code').fill(await codeOf(secret, step + 1));
      await page.keyboard.press('Enter');
      await page.getByRole('link', { name: 'Grace' }).waitFor();
      await page.goto('/account');
      await page.getByRole('button', { name: 'Add a passkey' }).click();
      await dialog.getByLabel('Name').fill('Laptop');
      await dialog.getByLabel('Your password').fill(secondPassword);
      await page.keyboard.press('Enter');
      await page.getByText('The passkey is added').waitFor();
      await signOut(page);
      await page.goto('/sign-in?next=/account');
      await page.getByRole('button', { name: 'Sign in with a passkey' }).click();

      // All data in one file, and then nothing of it.
      const [download] = await Promise.all([
        page.waitForEvent('download'),
        page.getByRole('button', { name: 'Download my data' }).click(),
      ]);
      const data = JSON.parse(await text(await download.createReadStream()));
      expect(JSON.stringify(data.parts.order)).toContain(orderId);
      expect(JSON.stringify(data)).not.toContain(secret);
      await page.getByRole('button', { name: 'Erase my account' }).click();
      await dialog.getByRole('checkbox').check();
      await dialog.getByLabel('Your password').fill(secondPassword);
      await dialog.getByLabel('Code').fill(recoveryCode);
      await page.keyboard.press('Enter');
      await page.getByText('Your account is erased').waitFor();
      await mail(/is erased/);
      await untilErased(shop, data.accountId);

      await settled(shop.books);
      expect(mails().map((one) => one.email.subject?.replace(/ – .*$/, '').replace(/T-\d+/, 'T'))).toEqual([
        'Your order T is confirmed',
        'Confirm your e-mail address for Tradepost',
        'Set a new password for Tradepost',
        'The password of your account at Tradepost has changed',
        'Two-step sign-in is on at Tradepost',
        'A passkey was added to your account at Tradepost',
        'Your account is erased',
      ]);
      expect([...smtp.taken.values()].filter((times) => times !== 1)).toEqual([]);
      const order = await shop.admin.call('GET', `/api/v1/orders/${orderId}`);
      await audit(shop.books, { accepted: [order], stock });
      // 401: of what was still being read while a session ended.
      expect(complaints([401, 403])).toEqual([]);
    });
  });
});

async function signOut(page: Page): Promise<void> {
  await page.goto('/account');
  await page.getByRole('button', { name: 'Sign out' }).click();
  await page.waitForURL(({ pathname }) => pathname === '/');
}

async function signIn(page: Page, password: string): Promise<void> {
  await page.getByLabel('E-mail').fill(email);
  await page.getByLabel('Password').fill(password);
  await page.getByRole('button', { name: 'Sign in', exact: true }).click();
}

/** Waits until each service has confirmed the erasure of an account. */
async function untilErased(shop: Shop, accountId: string): Promise<void> {
  await until(
    async () => {
      const { body } = await shop.admin.call('GET', '/api/v1/auth/admin/erasures');
      const erasure = body.items.find((one: { accountId: string }) => one.accountId === accountId);
      return erasure?.services.every(({ confirmedAt }: { confirmedAt: string | null }) => confirmedAt !== null);
    },
    { what: 'all services to confirm the erasure' },
  );
}
