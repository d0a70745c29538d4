import { afterAll, expect, test } from 'vitest';
import { describeInBrowser, desk, telephone } from './browser.ts';
import { focusOn, keyboardOf } from './keyboard.ts';
import { openPageHarness } from './page-harness.ts';
import { openRequestedMails, type RequestedMails } from './requested-mails.ts';
import { signUpForCheckout } from './shop.ts';

describeInBrowser('links in mails', () => {
  let mails: RequestedMails;
  const harness = openPageHarness(async (shop) => {
    mails = await openRequestedMails(shop);
  });
  afterAll(() => mails?.close());

  test('a forgotten password is set anew by the keyboard alone, once', async () => {
    const owner = await harness.openVisit(telephone);
    const email = await signUpForCheckout(owner.page);
    const { page, complaints } = await harness.openVisit(telephone, { to: '/sign-in' });
    const keyboard = keyboardOf(page);
    await keyboard.press('link', 'Forgot password?');
    await page.getByRole('heading', { name: 'Forgot password' }).waitFor();
    await keyboard.write('E-mail', email);
    await keyboard.keys('Enter');
    await page.getByText('If there is an account with this address, a mail is on its way').waitFor();
    const link = await mails.linkTo(email, 'reset_password');
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
    const { page, complaints } = await harness.openVisit(desk);
    const email = await signUpForCheckout(page);
    const keyboard = keyboardOf(page);
    await page.goto('/account');
    await page.getByText('Not verified').waitFor();
    await keyboard.press('button', 'Send the mail again');
    await page.getByText('The mail is on its way again').waitFor();
    const verify = await mails.linkTo(email, 'verify_email');
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
    await page.goto(await mails.linkTo(next, 'confirm_new_email'));
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
