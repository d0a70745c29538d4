import { expect, test } from 'vitest';
import { describeInBrowser, desk, telephone } from './browser.ts';
import { openPageHarness } from './page-harness.ts';

describeInBrowser('the filters of a list', () => {
  const harness = openPageHarness();

  test('are undone one by one on the way back, and the list is not left before', async () => {
    const visitor = await harness.openVisit(desk, { to: '/' });
    const { page } = visitor;
    await page.getByRole('link', { name: 'Search everything' }).click();
    await page.waitForURL('**/search');
    await page.getByRole('searchbox').pressSequentially('a');
    await page.waitForURL('**/search?q=a');
    await page.getByLabel('Only what is in stock').check();
    await page.waitForURL('**/search?q=a&inStock=true');
    await page.getByLabel('To', { exact: true }).fill('90');
    await page.waitForURL('**/search?q=a&inStock=true&maxPrice=90&currency=EUR');
    await page.getByLabel('Sort by').selectOption('price');
    await page.waitForURL('**/search?q=a&inStock=true&maxPrice=90&currency=EUR&sort=price');
    for (const query of ['?q=a&inStock=true&maxPrice=90&currency=EUR', '?q=a&inStock=true', '?q=a', '']) {
      await page.goBack();
      await page.waitForURL(`**/search${query}`);
    }
    expect(await page.getByLabel('Only what is in stock').isChecked()).toBe(false);
    expect(await page.getByLabel('To', { exact: true }).inputValue()).toBe('');
    expect(await page.getByRole('searchbox').inputValue()).toBe('');
    await page.goBack();
    await page.waitForURL(({ pathname }) => pathname === '/');
    await page.goForward();
    await page.goForward();
    await page.waitForURL('**/search?q=a');
    expect(await page.getByRole('searchbox').inputValue()).toBe('a');
    expect(visitor.complaints()).toEqual([]);
  });

  test('what is typed in one go is one step on the way back', async () => {
    const { page } = await harness.openVisit(desk, { to: '/search?q=lamp' });
    await page.getByRole('searchbox').fill('m');
    await page.waitForURL('**/search?q=m');
    await page.getByRole('searchbox').fill('mug');
    await page.waitForURL('**/search?q=mug');
    await page.goBack();
    await page.waitForURL('**/search?q=lamp');
  });

  test('say what is wrong with a price, and leave the list as it is', async () => {
    const { page } = await harness.openVisit(telephone, { to: '/search?q=lamp' });
    await page.getByText('Filter and sort').click();
    const [from, to] = [page.getByLabel('From', { exact: true }), page.getByLabel('To', { exact: true })];
    await from.fill('cheap');
    await page.getByText('Write a price, like 19.50').waitFor();
    expect(await from.getAttribute('aria-invalid')).toBe('true');
    await from.fill('200');
    await page.waitForURL('**/search?q=lamp&minPrice=200&currency=EUR');
    await to.fill('19,50 €');
    await page.getByText('This is less than the lowest price').waitFor();
    await from.fill('');
    await page.waitForURL('**/search?q=lamp&currency=EUR&maxPrice=19.50');
    await page.goto('/search?q=lamp&minPrice=nonsense');
    await page.getByText('Filter and sort').click();
    await page.getByText('Write a price, like 19.50').waitFor();
  });

  test.each(['/search?q=ketle&maxPrice=1&inStock=true', '/categories/lighting?maxPrice=1'])(
    'that leave nothing are named, and cleared at a click: %s',
    async (path) => {
      const visitor = await harness.openVisit(telephone, { to: path });
      const { page } = visitor;
      await page.getByRole('heading', { name: /^Nothing found/ }).waitFor();
      await page.getByText('up to 1').first().waitFor();
      if (path.startsWith('/search')) {
        const unfiltered = page.getByRole('region', { name: 'Without the filters' });
        await unfiltered.getByText('Shown instead: kettle').waitFor();
        await unfiltered
          .getByRole('link', { name: /Kettle/ })
          .first()
          .waitFor();
      }
      await page.getByRole('button', { name: 'Clear the filters' }).last().click();
      await page.waitForURL(path.replace(/[?&](maxPrice|inStock)=\w+/g, ''));
      await page.locator('main ul a[href^="/products/"]').first().waitFor();
      await page.getByRole('heading', { name: /^Nothing found/ }).waitFor({ state: 'detached' });
      expect(visitor.complaints()).toEqual([]);
    },
  );

  test('a search that finds nothing leads on: to categories, to products, to everything', async () => {
    const { page } = await harness.openVisit(telephone, { to: '/search?q=qqqqqq' });
    await page.getByRole('heading', { name: 'Nothing found for “qqqqqq”' }).waitFor();
    const ways = page.getByRole('navigation', { name: 'Other categories' });
    await expect.poll(() => ways.getByRole('link').count()).toBeGreaterThan(3);
    await page.getByRole('region', { name: 'Featured' }).getByRole('link').first().waitFor();
    await page.getByRole('link', { name: 'See everything' }).click();
    await page.waitForURL('**/search');
    await page.locator('main ul a[href^="/products/"]').first().waitFor();
    await page.goBack();
    await ways.getByRole('link', { name: 'Lighting' }).click();
    await page.waitForURL('**/categories/lighting');
  });
});
