// Makes the tables of the Vendure shop and fills them with the catalogue of the file CATALOGUE. Ends when all is searchable.
import { readFileSync } from 'node:fs';
import {
  bootstrap,
  ChannelService,
  CurrencyCode,
  FastImporterService,
  JobQueueService,
  LanguageCode,
  Populator,
  RequestContextService,
  SearchService,
  TaxCategoryService,
} from '@vendure/core';
import { config } from './config.mjs';

const AT_ONCE = 4;
const languageCode = LanguageCode.en;

/** One country, one shipping method, one payment method that settles at once, prices without tax. */
const initialData = {
  defaultLanguage: languageCode,
  defaultZone: 'Europe',
  countries: [{ name: 'Germany', code: 'DE', zone: 'Europe' }],
  taxRates: [{ name: 'No tax', percentage: 0 }],
  shippingMethods: [{ name: 'Standard', price: 0 }],
  paymentMethods: [
    {
      name: 'sandbox',
      handler: { code: 'dummy-payment-handler', arguments: [{ name: 'automaticSettle', value: 'true' }] },
    },
  ],
  collections: [],
};

async function useEuros(app) {
  const channels = app.get(ChannelService);
  const ctx = await app.get(RequestContextService).create({ apiType: 'admin' });
  const { id } = await channels.getDefaultChannel(ctx);
  await channels.update(ctx, {
    id,
    defaultCurrencyCode: CurrencyCode.EUR,
    availableCurrencyCodes: [CurrencyCode.EUR],
    pricesIncludeTax: true,
  });
}

async function importProducts(app, products) {
  const importer = app.get(FastImporterService);
  const ctx = await app.get(RequestContextService).create({ apiType: 'admin' });
  const [taxCategory] = (await app.get(TaxCategoryService).findAll(ctx)).items;
  await importer.initialize();
  const importOne = async ({ slug, title, description, variants }) => {
    const translations = [{ languageCode, name: title, slug, description }];
    const productId = await importer.createProduct({ enabled: true, translations });
    for (const variant of variants) {
      await importer.createProductVariant({
        productId,
        sku: variant.sku,
        price: variant.amount,
        stockOnHand: variant.onHand,
        taxCategoryId: taxCategory.id,
        translations: [{ languageCode, name: variant.title }],
      });
    }
  };
  // In the order of the catalogue: a list by newest first is the same in all shops but for neighbours.
  for (let from = 0; from < products.length; from += AT_ONCE) {
    await Promise.all(products.slice(from, from + AT_ONCE).map(importOne));
  }
}

/** Fills the index of the search plugin, by a job that this process runs itself. */
async function buildSearchIndex(app) {
  const ctx = await app.get(RequestContextService).create({ apiType: 'admin' });
  await app.get(JobQueueService).start();
  const job = await app.get(SearchService).reindex(ctx);
  await new Promise((resolve, reject) => {
    job.updates({ pollInterval: 500, timeoutMs: 3_600_000 }).subscribe({
      next: ({ state, error }) => {
        if (state === 'FAILED') reject(new Error(`The search index was not built: ${error}`));
      },
      error: reject,
      complete: resolve,
    });
  });
}

const app = await bootstrap(config);
const populator = app.get(Populator);
await useEuros(app);
await populator.populateInitialData(initialData);
await importProducts(app, JSON.parse(readFileSync(process.env.CATALOGUE, 'utf8')));
await buildSearchIndex(app);
await app.close();
process.exit(0);
