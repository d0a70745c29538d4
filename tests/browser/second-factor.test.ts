import { until } from '@tradepost/testing/until';
import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { codeOf, presentStep } from '../../services/auth/test/factors.ts';
import { describeInBrowser, desk, telephone } from './browser.ts';
import { focusOn, type Keyboard, keyboardOf } from './keyboard.ts';
import { openPageHarness, type PageHarness } from './page-harness.ts';
import { type Api, signUpForCheckout } from './shop.ts';

const password = 'a long enough secret';

describeInBrowser('second factors', () => {
  const harness = openPageHarness();

  test('an authenticator app is set up, asked for and replaced by a recovery code, by the keyboard alone', async () => {
    const { page, complaints } = await harness.openVisit(telephone);
    const keyboard = keyboardOf(page);
    const email = await signUpForCheckout(page);
    await page.goto('/account');
    await keyboard.press('button', 'Set up an authenticator app');
    const dialog = page.getByRole('dialog');
    await keyboard.write('Your password', password, { within: dialog });
    await goOnToCode(page, keyboard);
    const secret = ((await dialog.locator('code').textContent()) ?? '').replaceAll(' ', '');
    await focusOn(page, 'textbox', 'Code');
    await keyboard.write('Code', '000000', { within: dialog });
    await keyboard.keys('Enter');
    await page.getByText('The code is wrong, has expired or was used').waitFor();
    const start = presentStep();
    await keyboard.write('Code', await codeOf(secret, start), { within: dialog });
    await keyboard.keys('Enter');
    await page.getByText('Keep these recovery codes').waitFor();
    const codes = await dialog.getByRole('listitem').allTextContents();
    expect(codes).toHaveLength(10);
    const saved = page.waitForEvent('download');
    await keyboard.press('link', 'Save as a file', { within: dialog });
    expect((await saved).suggestedFilename()).toBe('recovery-codes-localhost.txt');
    await keyboard.press('button', 'I have kept them', { within: dialog });
    await page.getByText('10 recovery codes are left').waitFor();

    await signOutAndIn(page, email);
    await focusOn(page, 'textbox', 'Code');
    // A code of before is none any more; that of the next half minute is.
    await keyboard.write('Code', await codeOf(secret, start));
    await keyboard.keys('Enter');
    await page.getByText('The code is wrong, has expired or was used').waitFor();
    await keyboard.write('Code', await codeOf(secret, start + 1));
    await keyboard.keys('Enter');
    await page.getByRole('link', { name: 'Ada' }).waitFor();

    await signOutAndIn(page, email);
    await keyboard.press('button', 'Use a recovery code');
    await focusOn(page, 'textbox', 'Recovery code');
    await keyboard.write('Recovery code', codes[0] ?? '');
    await keyboard.keys('Enter');
    await page.getByRole('link', { name: 'Ada' }).waitFor();
    await page.goto('/account');
    await page.getByText('9 recovery codes are left').waitFor();

    await keyboard.press('button', 'Turn it off');
    await keyboard.write('Your password', password, { within: dialog });
    await keyboard.write('Code', codes[1] ?? '', { within: dialog });
    await keyboard.keys('Enter');
    await page.getByText('Your authenticator app is turned off').waitFor();
    expect(complaints([403, 422])).toEqual([]);
  });

  test('a passkey is added, signs in, is renamed, and removed; an operator sees in the trail who removed factors', async () => {
    const { page, complaints, context } = await harness.openVisit(desk);
    const cdp = await context.newCDPSession(page);
    await cdp.send('WebAuthn.enable');
    const device = {
      protocol: 'ctap2',
      transport: 'internal',
      hasResidentKey: true,
      hasUserVerification: true,
    } as const;
    const options = { ...device, isUserVerified: true, automaticPresenceSimulation: true };
    const { authenticatorId } = await cdp.send('WebAuthn.addVirtualAuthenticator', { options });
    const keyboard = keyboardOf(page);
    const email = await signUpForCheckout(page);
    const id = await page.evaluate<string>(`JSON.parse(localStorage.getItem('tradepost.account')).id`);
    await page.goto('/account');
    await keyboard.press('button', 'Add a passkey');
    const dialog = page.getByRole('dialog');
    await keyboard.write('Name', 'Laptop', { within: dialog });
    await keyboard.write('Your password', 'not the password', { within: dialog });
    await keyboard.keys('Enter');
    await page.getByText('That is not your password').waitFor();
    await keyboard.write('Your password', password, { within: dialog });
    await keyboard.keys('Enter');
    await page.getByText('The passkey is added').waitFor();

    await signOut(page);
    await page.goto('/sign-in?next=/account');
    await keyboard.press('button', 'Sign in with a passkey');
    await page.getByText(/last used/).waitFor();

    await keyboard.press('button', 'Rename Laptop');
    await keyboard.write('Name', 'Old laptop', { within: dialog });
    await keyboard.keys('Enter');
    await page.getByRole('button', { name: 'Remove Old laptop' }).waitFor();
    await keyboard.press('button', 'Remove Old laptop');
    await page.getByText('The passkey Old laptop is removed').waitFor();

    await signOut(page);
    await page.goto('/sign-in');
    await keyboard.press('button', 'Sign in with a passkey');
    await page.getByText('This passkey is not known here').waitFor();
    await cdp.send('WebAuthn.setUserVerified', { authenticatorId, isUserVerified: false });
    await keyboard.press('button', 'Sign in with a passkey');
    await page.getByText('No passkey was used').waitFor();
    expect(complaints([401, 422])).toEqual([]);

    await removeFactors(harness, email);
    await untilInTrail(id, await harness.api('admin'));
  });
});

/** An operator removes the second factors of an account. */
async function removeFactors(harness: PageHarness, email: string): Promise<void> {
  const { page, complaints } = await harness.openVisit(desk, { as: 'admin', to: '/control/accounts' });
  await page.goto(`/control/accounts?email=${encodeURIComponent(email)}`);
  await page.getByRole('button', { name: /^Edit / }).click();
  await page.getByRole('checkbox', { name: /the owner of the account asks for it/ }).check();
  await page.getByRole('button', { name: /^Remove second factors of/ }).press('Enter');
  await page.getByText(/has no second factors any more/).waitFor();
  expect(complaints()).toEqual([]);
}

async function untilInTrail(id: string, operator: Api): Promise<void> {
  const path = `/api/v1/auth/admin/accounts/${id}/second-factors`;
  await until(
    async () => {
      const { body } = await operator('GET', '/api/v1/audit?limit=50');
      return body.items.some((entry: { path: string; status: number }) => entry.path === path && entry.status === 204);
    },
    { what: 'the audit trail to tell who removed the factors' },
  );
}

/** As on a slow machine: what the dialog does in its next frame comes after the next step is shown and has the focus. */
async function goOnToCode(page: Page, keyboard: Keyboard): Promise<void> {
  const drawFrames = await holdFrames(page);
  await keyboard.keys('Enter');
  await page.getByRole('img', { name: 'QR code of the key below' }).waitFor();
  await focusOn(page, 'textbox', 'Code');
  await drawFrames();
}

/** Holds back what the page does in its next frames. Returns how to let it. */
async function holdFrames(page: Page): Promise<() => Promise<void>> {
  await page.evaluate(`(() => {
    const request = window.requestAnimationFrame;
    const held = [];
    window.requestAnimationFrame = (callback) => held.push(callback);
    window.drawFrames = () => {
      window.requestAnimationFrame = request;
      for (const callback of held) callback(performance.now());
    };
  })()`);
  return () => page.evaluate('drawFrames()');
}

async function signOut(page: Page): Promise<void> {
  await page.goto('/account');
  await page.getByRole('button', { name: 'Sign out' }).click();
  await page.waitForURL(({ pathname }) => pathname === '/');
}

async function signOutAndIn(page: Page, email: string): Promise<void> {
  await signOut(page);
  await page.goto('/sign-in');
  await page.getByLabel('E-mail').fill(email);
  await page.getByLabel('Password').fill(password);
  await page.getByRole('button', { name: 'Sign in', exact: true }).click();
  await page.getByRole('button', { name: 'Use a recovery code' }).waitFor();
}
