// `medusa exec seed.js`: fills the Medusa shop with the catalogue of the file CATALOGUE.
const { readFileSync } = require('node:fs');
const { ContainerRegistrationKeys, Modules, ProductStatus } = require('@medusajs/framework/utils');
const {
  createInventoryLevelsWorkflow,
  createProductsWorkflow,
  createRegionsWorkflow,
  createShippingOptionsWorkflow,
  createShippingProfilesWorkflow,
  createStockLocationsWorkflow,
  createTaxRegionsWorkflow,
  linkSalesChannelsToStockLocationWorkflow,
  updateStoresWorkflow,
} = require('@medusajs/medusa/core-flows');

const AT_ONCE = 25;

/** One region in EUR with one country, which takes the payment provider that approves everything. */
async function createRegion(container) {
  const region = { name: 'Europe', currency_code: 'eur', countries: ['de'], payment_providers: ['pp_system_default'] };
  await createRegionsWorkflow(container).run({ input: { regions: [region] } });
  await createTaxRegionsWorkflow(container).run({ input: [{ country_code: 'de', provider_id: 'tp_system' }] });
}

/** Medusa has made one store with one sales channel and its key at the first start. */
async function useEuros(container) {
  const [store] = await container.resolve(Modules.STORE).listStores();
  const update = { supported_currencies: [{ currency_code: 'eur', is_default: true }] };
  await updateStoresWorkflow(container).run({ input: { selector: { id: store.id }, update } });
  return store.default_sales_channel_id;
}

/** One place where the stock is, and one way to ship it, which costs nothing. */
async function createShipping(container, salesChannelId) {
  const link = container.resolve(ContainerRegistrationKeys.LINK);
  const address = { city: 'Hamburg', country_code: 'DE', address_1: 'Hafenstrasse 1' };
  const locations = [{ name: 'Warehouse', address }];
  const { result } = await createStockLocationsWorkflow(container).run({ input: { locations } });
  const [location] = result;
  const { result: profiles } = await createShippingProfilesWorkflow(container).run({
    input: { data: [{ name: 'Default', type: 'default' }] },
  });
  const set = await container.resolve(Modules.FULFILLMENT).createFulfillmentSets({
    name: 'Delivery',
    type: 'shipping',
    service_zones: [{ name: 'Germany', geo_zones: [{ country_code: 'de', type: 'country' }] }],
  });
  const ofLocation = { [Modules.STOCK_LOCATION]: { stock_location_id: location.id } };
  await link.create({ ...ofLocation, [Modules.FULFILLMENT]: { fulfillment_provider_id: 'manual_manual' } });
  await link.create({ ...ofLocation, [Modules.FULFILLMENT]: { fulfillment_set_id: set.id } });
  await linkSalesChannelsToStockLocationWorkflow(container).run({ input: { id: location.id, add: [salesChannelId] } });
  const option = {
    name: 'Standard',
    price_type: 'flat',
    provider_id: 'manual_manual',
    service_zone_id: set.service_zones[0].id,
    shipping_profile_id: profiles[0].id,
    type: { label: 'Standard', description: 'Standard', code: 'standard' },
    prices: [{ currency_code: 'eur', amount: 0 }],
    rules: [
      { attribute: 'enabled_in_store', value: 'true', operator: 'eq' },
      { attribute: 'is_return', value: 'false', operator: 'eq' },
    ],
  };
  await createShippingOptionsWorkflow(container).run({ input: [option] });
  return { locationId: location.id, shippingProfileId: profiles[0].id };
}

async function createProducts(container, products, { salesChannelId, shippingProfileId }) {
  const asInput = ({ slug, title, description, variants }) => ({
    title,
    description,
    handle: slug,
    status: ProductStatus.PUBLISHED,
    shipping_profile_id: shippingProfileId,
    sales_channels: [{ id: salesChannelId }],
    options: [{ title: 'Size', values: variants.map((one) => one.title) }],
    variants: variants.map((one) => ({
      title: one.title,
      sku: one.sku,
      manage_inventory: true,
      options: { Size: one.title },
      // Medusa counts in euros, the catalogue in cents.
      prices: [{ currency_code: 'eur', amount: one.amount / 100 }],
    })),
  });
  for (let from = 0; from < products.length; from += AT_ONCE) {
    const input = { products: products.slice(from, from + AT_ONCE).map(asInput) };
    await createProductsWorkflow(container).run({ input });
  }
}

async function createStock(container, products, locationId) {
  const onHand = new Map(products.flatMap(({ variants }) => variants.map((one) => [one.sku, one.onHand])));
  const query = container.resolve(ContainerRegistrationKeys.QUERY);
  const { data: items } = await query.graph({ entity: 'inventory_item', fields: ['id', 'sku'] });
  const levels = items.map(({ id, sku }) => ({
    inventory_item_id: id,
    location_id: locationId,
    stocked_quantity: onHand.get(sku),
  }));
  for (let from = 0; from < levels.length; from += 500) {
    await createInventoryLevelsWorkflow(container).run({
      input: { inventory_levels: levels.slice(from, from + 500) },
    });
  }
}

exports.default = async function seed({ container }) {
  const products = JSON.parse(readFileSync(process.env.CATALOGUE, 'utf8'));
  await createRegion(container);
  const salesChannelId = await useEuros(container);
  const { locationId, shippingProfileId } = await createShipping(container, salesChannelId);
  await createProducts(container, products, { salesChannelId, shippingProfileId });
  await createStock(container, products, locationId);
};
