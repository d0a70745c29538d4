/** One record of a CSV file, by column. */
export type Record = { [column: string]: string | undefined };

const columns = ['product', 'title', 'description', 'categories', 'sku', 'variantTitle', 'price', 'currency', 'stock'];
const ATTRIBUTE = 'attribute:';

/**
 * The records of one product, as the body of `POST /api/v1/products`: what the product is called comes from the first of
 * them, and each is one variant. Numbers that are none, and columns that are not known, are passed on as they are, so that
 * they are refused by the schema like those of any other request.
 */
export function productOf(records: readonly Record[]): object {
  const first: Record = records[0] ?? {};
  const unknown = Object.keys(first).filter((name) => !columns.includes(name) && !name.startsWith(ATTRIBUTE));
  return {
    title: first.title ?? '',
    description: first.description ?? '',
    ...(first.categories && {
      categories: first.categories
        .split('|')
        .map((slug) => slug.trim())
        .filter(Boolean),
    }),
    ...Object.fromEntries(unknown.map((name) => [name, first[name]])),
    variants: records.map(variantOf),
  };
}

function variantOf(record: Record): object {
  const attributes = Object.entries(record)
    .filter(([name, value]) => name.startsWith(ATTRIBUTE) && value)
    .map(([name, value]) => [name.slice(ATTRIBUTE.length), value]);
  return {
    sku: record.sku ?? '',
    ...(record.variantTitle && { title: record.variantTitle }),
    price: { amount: integerOf(record.price), currency: record.currency ?? '' },
    ...(record.stock && { stock: integerOf(record.stock) }),
    ...(attributes.length > 0 && { attributes: Object.fromEntries(attributes) }),
  };
}

const integerOf = (text: string | undefined): number | string =>
  text !== undefined && /^\s*-?[0-9]{1,15}\s*$/.test(text) ? Number(text) : (text ?? '');

const names: { [field: string]: string } = {
  title: 'variantTitle',
  'price/amount': 'price',
  'price/currency': 'currency',
};

/** The column that a field of the product came from. */
export function columnOf(field: string): string {
  const ofVariant = /^\/variants\/\d+\/(.+)$/.exec(field)?.[1];
  if (ofVariant === undefined) return field.slice(1).split('/')[0] ?? field;
  if (ofVariant.startsWith('attributes/')) return `${ATTRIBUTE}${ofVariant.slice('attributes/'.length)}`;
  return names[ofVariant] ?? ofVariant;
}
