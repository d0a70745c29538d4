import { type DemoProduct, demoCatalogue } from '../demo-catalogue.ts';
import { type Api, ApiFailure } from './api.ts';

/**
 * Puts the demo catalogue on sale, as the seller that `token` is of. What is there already stays as it is, stock included,
 * so that a start that was cut off can be begun again.
 */
export async function seedCatalogue(api: Api, token: string): Promise<void> {
  const lines = mixed(demoCatalogue.products).map((product) => `${JSON.stringify(bodyOf(product))}\n`);
  const answer = await api('POST', '/api/v1/products/imports', {
    token,
    headers: { 'content-type': 'application/x-ndjson' },
    text: lines.join(''),
  });
  if (answer.status !== 200 || answer.body.failed !== 0) {
    throw new ApiFailure(`The demo catalogue was refused ${JSON.stringify(answer.body.errors ?? [])}`, answer);
  }
}

/** Features some products of the demo catalogue, as the admin that `token` is of. */
export async function seedFeatured(api: Api, token: string): Promise<void> {
  for (const slug of demoCatalogue.featured) {
    const product = await api('GET', `/api/v1/products/${slug}`);
    if (product.status !== 200) throw new ApiFailure(`${slug} cannot be read`, product);
    const answer = await api('PUT', `/api/v1/products/${product.body.id}/featured`, { token });
    if (answer.status !== 204) throw new ApiFailure(`${slug} cannot be featured`, answer);
  }
}

/**
 * Puts the demo's categories into the navigation, as the admin that `token` is of. Only the first version is replaced, so that
 * a start that is repeated does not undo what an operator has changed.
 */
export async function seedNavigation(api: Api, token: string): Promise<void> {
  const answer = await api('PUT', '/api/v1/categories/navigation', {
    token,
    headers: { 'if-match': '"1"' },
    body: { slugs: [...demoCatalogue.categories] },
  });
  if (answer.status !== 200 && answer.status !== 412) {
    throw new ApiFailure('The navigation cannot be set', answer);
  }
}

/** What the product service takes. */
export function bodyOf(product: DemoProduct) {
  const { title, description, categories, taxClass, pictures, variants } = product;
  return {
    title,
    description,
    categories: [...categories],
    ...(taxClass !== undefined && { taxClass }),
    media: pictures.map(({ file, alt }) => ({ url: `/media/demo/${file}`, alt })),
    variants: variants.map(({ sku, title: choice, price, stock, weightGrams, attributes }) => ({
      sku,
      ...(choice === '' ? {} : { title: choice }),
      price: { amount: price, currency: 'EUR' },
      stock,
      weightGrams,
      attributes,
    })),
  };
}

/** Taken in turn from each category, so that the newest products of the shop are not all of one kind. */
export function mixed(products: readonly DemoProduct[]): DemoProduct[] {
  const groups = [...Map.groupBy(products, (product) => product.categories[0]).values()];
  const rounds = Math.max(...groups.map((group) => group.length));
  return Array.from({ length: rounds }, (_, round) => groups.flatMap((group) => group.slice(round, round + 1))).flat();
}
