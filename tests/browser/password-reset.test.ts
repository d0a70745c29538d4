import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { CloudEvent } from '@tradepost/contracts/cloud-event';
import type { AccountMail, EventData } from '@tradepost/contracts/events';
import type { Pool } from '@tradepost/postgres/pool';
import { eventDecryption } from '@tradepost/runtime/event-encryption';
import { until } from '@tradepost/testing/until';
import { afterAll, expect, test } from 'vitest';
import { describeInBrowser, desk, telephone } from './browser.ts';
import { focusOn, keyboardOf } from './keyboard.ts';
import { mailKey, signUpForCheckout } from './shop.ts';
import { databaseOf } from './staff.ts';
import { openStage } from './stage.ts';

type Mail = EventData<'account.mail-requested.v1'>;

describeInBrowser('links in mails', () => {
  let auth: Pool;
  let decrypt: (token: string) => Promise<string>;
  const stage = openStage(async (shop) => {
    auth = await databaseOf(shop, 'auth');
    const secrets = JSON.parse(await readFile(join(shop.data, 'secrets.json'), 'utf8'));
    decrypt = eventDecryption([secrets.MAIL_KEY ?? mailKey]);
    await keepMails(auth);
  });
  afterAll(() => auth?.end());

  /** The path and fragment of the link in the last mail of a kind to an address, as `notification` writes it. */
  async function linkTo(email: string, kind: AccountMail): Promise<string> {
    const { path, token } = await until(() => lastMail(auth, email, kind), { what: `the mail ${kind}` });
    return `${path}#token=${await decrypt(token ?? '')}`;
  }

  test('a forgotten password is set anew by the keyboard alone, once', async () => {
    const owner = await stage.come(telephone);
    const email = await signUpForCheckout(owner.page);
    const { page, complaints } = await stage.come(telephone, { to: '/sign-in' });
    const keyboard = keyboardOf(page);
    await keyboard.press('link', 'Forgot password?');
    await page.getByRole('heading', { name: 'Forgot password' }).waitFor();
    await keyboard.write('E-mail', email);
    await keyboard.keys('Enter');
    await page.getByText('If there is an account with this address, a mail is on its way').waitFor();
    const link = await linkTo(email, 'reset_password');
    await page.goto(link);
    await page.waitForURL(({ pathname, hash }) => pathname === '/reset-password' && hash === '');
    await keyboard.write('New password', 'password123');
    await keyboard.keys('Enter');
    await page.getByText('is one of those that are tried first').waitFor();
    await focusOn(page, 'textbox', 'New password');
    await keyboard.write('New password', 'another secret, as long');
    await keyboard.press('button', 'Set the password');
    await page.getByText('Your password is changed').waitFor();
    await focusOn(page, 'main', '');
    await keyboard.write('E-mail', email);
    await keyboard.write('Password', 'another secret, as long');
    await keyboard.press('button', 'Sign in');
    await page.getByRole('link', { name: 'Ada' }).waitFor();
    // The other browser's session has ended, and the link is used up.
    await owner.page.goto(link);
    await keyboardOf(owner.page).write('New password', 'a third secret, as long');
    await keyboardOf(owner.page).keys('Enter');
    await owner.page.getByText('This link has expired or was used').waitFor();
    await keyboardOf(owner.page).press('link', 'Send me another mail');
    await owner.page.getByRole('heading', { name: 'Forgot password' }).waitFor();
    expect(complaints([401, 422])).toEqual([]);
  });

  test('an address is verified, and changed', async () => {
    const { page, complaints } = await stage.come(desk);
    const email = await signUpForCheckout(page);
    const keyboard = keyboardOf(page);
    await page.goto('/account');
    await page.getByText('Not verified').waitFor();
    await keyboard.press('button', 'Send the mail again');
    await page.getByText('The mail is on its way again').waitFor();
    const verify = await linkTo(email, 'verify_email');
    await page.goto(verify);
    await page.getByText(`${email} is verified`).waitFor();
    expect(new URL(page.url()).hash).toBe('');
    await keyboard.press('link', 'To your account');
    await page.getByText('Verified', { exact: true }).waitFor();
    const next = `new-${email}`;
    await keyboard.write('New address', next);
    await keyboard.write('Your password', 'not the password');
    await keyboard.keys('Enter');
    await page.getByText('That is not your password').waitFor();
    await focusOn(page, 'textbox', 'Your password');
    await keyboard.write('Your password', 'a long enough secret');
    await keyboard.keys('Enter');
    await page.getByText('A mail is on its way to the new address').waitFor();
    await page.goto(await linkTo(next, 'confirm_new_email'));
    await page.getByText(`Your address is ${next} now`).waitFor();
    await page.goto(verify.replace('/verify-email', '/confirm-email'));
    await page.getByText('This link has expired or was used').waitFor();
    await page.reload();
    await page.getByText('This is not the whole link').waitFor();
    await keyboard.press('link', 'To your account');
    await page.getByText(next).first().waitFor();
    expect(complaints([401, 422])).toEqual([]);
  });
});

/** Copies the requests for mails out of the outbox, from which they go as soon as they are published. */
async function keepMails(auth: Pool): Promise<void> {
  await auth.query({
    text: 'create table requested_mail (id bigint generated always as identity, event json not null)',
  });
  await auth.query({
    text: `create function keep_mail() returns trigger language plpgsql as $$
      begin insert into requested_mail (event) values (new.event); return null; end $$`,
  });
  await auth.query({
    text: `create trigger keep_mail after insert on outbox for each row
      when (new.event->>'type' = 'account.mail-requested.v1') execute function keep_mail()`,
  });
}

async function lastMail(auth: Pool, to: string, kind: AccountMail): Promise<Mail | undefined> {
  const { rows } = await auth.query<{ event: CloudEvent & { data: Mail } }>({
    text: `select event from requested_mail where event->'data'->>'to' = $1 and event->'data'->>'mail' = $2
      order by id desc limit 1`,
    values: [to, kind],
  });
  return rows[0]?.event.data;
}
