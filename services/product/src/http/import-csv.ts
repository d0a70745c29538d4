/** One record of a CSV file, by column. */
export type CsvCells = { [column: string]: string | undefined };

const columns = [
  ...['product', 'title', 'description', 'categories', 'taxClass', 'digital'],
  ...['sku', 'variantTitle', 'price', 'currency', 'stock', 'weightGrams'],
];
const ATTRIBUTE = 'attribute:';
const MAX_COLUMNS = 100;

/** The only column whose fields may have line breaks. */
export const hasLines = (column: string | undefined): boolean => column === 'description';

export type CsvHeader = { columns: string[]; separator: string };

/**
 * Reads the header line: the names of the columns, and what separates them (a comma, a semicolon or a tab, whichever makes
 * `sku` a column). Gives a message if it is no header, or has a column that is not known, has no name or is named twice.
 * Columns without a name at the end of the line are left out: spreadsheets write them for cells that were emptied.
 */
export function readHeader(text: string): CsvHeader | { message: string } {
  if (text.split('"').length % 2 === 0)
    return { message: 'The first line has a quote that is not closed: write the names of the columns on one line' };
  const headers = [',', ';', '\t'].map((separator) => ({ separator, columns: cellsOf(text, separator) }));
  const header = headers.find((one) => one.columns.includes('sku'));
  if (!header) {
    return {
      message: `The first line must name the columns (${columns.join(', ')}, attribute:<name>), separated by commas, semicolons or tabs; there is no column sku in it`,
    };
  }
  while (header.columns.at(-1) === '') header.columns.pop();
  if (header.columns.length > MAX_COLUMNS) return { message: `The header has more than ${MAX_COLUMNS} columns` };
  const unknown = header.columns.filter((name) => name !== '' && !isKnown(name));
  if (unknown.length > 0) return { message: messageOfUnknown(unknown) };
  const twice = header.columns.find((name, at) => header.columns.indexOf(name) !== at);
  if (twice === '' || header.columns.includes('')) return { message: 'The header has a column without a name' };
  return twice === undefined ? header : { message: `The header names the column ${twice.slice(0, 60)} twice` };
}

const isKnown = (name: string): boolean => columns.includes(name) || name.startsWith(ATTRIBUTE);

const messageOfUnknown = (names: string[]): string =>
  `The header names columns that are not known: ${names
    .slice(0, 10)
    .map((name) => name.slice(0, 60))
    .join(
      ', ',
    )}. Remove or rename them; those that are known are ${columns.join(', ')} and attribute:<name>. Nothing was imported`;

const cellsOf = (text: string, separator: string): string[] =>
  text.split(separator).map((cell) => {
    const name = cell
      .trim()
      .replace(/^"(.*)"$/, '$1')
      .trim();
    const [kind = '', ...attribute] = name.split(':');
    if (attribute.length > 0 && `${plainName(kind)}:` === ATTRIBUTE) return ATTRIBUTE + attribute.join(':').trim();
    return columnsByPlainName.get(plainName(name)) ?? name;
  });

/** Columns are found whatever their case and spacing is: `SKU`, `Variant title`, `weight_grams`. */
const plainName = (name: string): string => name.toLowerCase().replaceAll(/[ _-]/g, '');
const columnsByPlainName = new Map(columns.map((name) => [plainName(name), name]));

/**
 * The product of some records: what it is called comes from the first record, also where that one makes no variant. What the
 * file has no column for, or the record no cell, is left out, so that it stays as it is. Numbers that are none are passed on as they are, so that
 * the schema refuses them like those of any other request.
 */
export function productOf(first: CsvCells, variants: readonly CsvCells[]): object {
  return {
    ...(first.title !== undefined && { title: first.title }),
    ...(first.description !== undefined && { description: first.description }),
    ...(isFilled(first.categories) && {
      categories: first.categories
        .split('|')
        .map((slug) => slug.trim())
        .filter(Boolean),
    }),
    ...(isFilled(first.taxClass) && { taxClass: first.taxClass.trim() }),
    ...(isFilled(first.digital) && { digital: booleanOf(first.digital) }),
    variants: variants.map(variantOf),
  };
}

function variantOf(record: CsvCells): object {
  const attributes = Object.entries(record)
    .filter(([name, value]) => name.startsWith(ATTRIBUTE) && isFilled(value))
    .map(([name, value]) => [name.slice(ATTRIBUTE.length), value]);
  const isPriced = record.price !== undefined || record.currency !== undefined;
  return {
    sku: (record.sku ?? '').trim(),
    ...(isFilled(record.variantTitle) && { title: record.variantTitle }),
    ...(isPriced && { price: { amount: integerOf(record.price), currency: (record.currency ?? '').trim() } }),
    ...(isFilled(record.stock) && { stock: integerOf(record.stock) }),
    ...(isFilled(record.weightGrams) && { weightGrams: integerOf(record.weightGrams) }),
    ...(attributes.length > 0 && { attributes: Object.fromEntries(attributes) }),
  };
}

/** Blanks are no content: spreadsheets and hand-written files have them around empty cells. */
const isFilled = (text: string | undefined): text is string => text !== undefined && text.trim() !== '';

/** `-0` is 0. */
const integerOf = (text: string | undefined): number | string =>
  text !== undefined && text.length < 40 && /^-?[0-9]{1,15}$/.test(text.trim()) ? Number(text) + 0 : (text ?? '');

/** Spreadsheets write `TRUE` and `FALSE`. */
function booleanOf(text: string): boolean | string {
  const word = text.length < 10 ? text.trim().toLowerCase() : text;
  return word === 'true' || word === 'false' ? word === 'true' : text;
}

const names: { [field: string]: string } = {
  title: 'variantTitle',
  price: 'price',
  'price/amount': 'price',
  'price/currency': 'currency',
};

/** The variant that a field of the product belongs to, by its place. */
export function variantOfField(field: string): number | undefined {
  const place = /^\/variants\/(\d+)(?:\/|$)/.exec(field)?.[1];
  return place === undefined ? undefined : Number(place);
}

/** The column that a field of the product came from. */
export function columnOf(field: string): string {
  const ofVariant = /^\/variants\/\d+\/(.+)$/.exec(field)?.[1];
  // What is wrong with all variants together is wrong with the records of a product.
  if (field === '/variants') return 'product';
  if (ofVariant === undefined) return field.slice(1).split('/')[0] ?? field;
  if (ofVariant.startsWith('attributes/')) return `${ATTRIBUTE}${ofVariant.slice('attributes/'.length)}`;
  return names[ofVariant] ?? ofVariant;
}
