import { uuidv7 } from '@tradepost/postgres/uuid';
import { until } from '@tradepost/testing/until';
import { afterAll, expect, test } from 'vitest';
import { describeInBrowser, type Look, telephone } from './browser.ts';
import { type DeadLetters, openDeadLetters } from './dead-letters.ts';
import { openPageHarness } from './page-harness.ts';
import { type Api, apiAs } from './shop.ts';
import { hostile, isInert } from './staff.ts';

describeInBrowser('the control room', () => {
  let admin: Api;
  let letters: DeadLetters;
  const harness = openPageHarness(async (shop) => {
    admin = await apiAs(shop, 'admin');
    letters = await openDeadLetters(shop);
  });
  afterAll(() => letters?.close());
  const openVisit = (look: Look, to: string) => harness.openVisit(look, { as: 'admin', to });

  test('has a dead letter inspected, replayed in vain, and replayed once its cause is mended', () =>
    harness.atEveryWidth(
      async (visitor) => {
        const { page } = visitor;
        const id = uuidv7();
        const event = await letters.park(id);
        await page
          .getByRole('row', { name: /^product/ })
          .getByRole('link')
          .click();
        const letter = page.getByRole('listitem').filter({ hasText: event.id });
        await letter.getByText(`Order ${id} is confirmed, but nothing is held for it`).first().waitFor();
        await letter.getByText('Inspect').click();
        await letter.getByText(`"subject": "${id}"`).waitFor();
        await letter.getByRole('button', { name: 'Replay' }).click();
        const dialog = page.getByRole('dialog', { name: 'Replay this event?' });
        await dialog.getByRole('button', { name: 'Replay' }).click();
        await dialog.getByText('The event could not be processed').waitFor();
        await letters.hold(id);
        await dialog.getByRole('button', { name: 'Replay' }).click();
        await page.getByText('Replayed', { exact: true }).waitFor();
        await letter.waitFor({ state: 'detached' });
        const { body } = await admin('GET', `/api/v1/admin/product/reservations/${id}`);
        expect(body.status).toBe('sold');
        expect(visitor.complaints([409])).toEqual([]);
      },
      { as: 'admin', to: '/control' },
    ));

  test('shows text of strangers as text, and nothing of it runs', async () => {
    const { id } = await letters.park(uuidv7(), hostile);
    const target = `/api/v1/admin/product/dead-letters/${uuidv7()}`;
    await admin('DELETE', target, { headers: { 'user-agent': hostile } });
    await until(async () => (await admin('GET', `/api/v1/audit?path=${target}`)).body.items.length > 0, {
      what: 'the entry to be written',
    });
    const visitor = await openVisit(telephone, '/control/dead-letters?service=product');
    const { page } = visitor;
    await page.getByRole('listitem').filter({ hasText: id }).getByText('Inspect').click();
    await page.getByText(/onerror/).waitFor();
    expect(await isInert(page)).toBe(true);
    await page.goto(`/control/audit?path=${encodeURIComponent(hostile)}&accountId=${encodeURIComponent(hostile)}`);
    await page.getByRole('heading', { name: 'The audit trail cannot be shown' }).waitFor();
    await page.getByRole('button', { name: 'Clear filters' }).click();
    await page
      .getByText(/onerror/)
      .first()
      .waitFor();
    expect(await isInert(page)).toBe(true);
    expect(visitor.complaints([400])).toEqual([]);
  });
});
