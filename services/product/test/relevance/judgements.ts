import { readFileSync } from 'node:fs';

/** A query with the products that answer it: 3 exactly, 2 well, 1 somewhat; others do not. Without any, nothing should be found. */
export type Judgement = { language: string; kind: string; query: string; grades: ReadonlyMap<string, number> };

/** A product of the judged catalogue; the key names it in judgements. */
export type Good = {
  key: string;
  title: string;
  description: string;
  categories: readonly string[];
  skus: readonly string[];
};

export const languages = ['en', 'de', 'fr', 'es', 'other'] as const;

/** The lines of a file of this folder, each cut into its cells. */
function readCells(file: string): string[][] {
  const text = readFileSync(new URL(file, import.meta.url), 'utf8');
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => line.split('|').map((cell) => cell.trim()));
}

/** The products that the queries are asked of: those of the demo shop, and plain goods in several languages. */
export function readGoods(): Good[] {
  const goods = languages.flatMap((language) =>
    readCells(`goods-${language}.txt`).map(([key = '', category = '', title = '', description = '']) => {
      const named = `${language}:${key}`;
      const skus = [named.replace(':', '-').toUpperCase()];
      return { key: named, title, description, categories: [category], skus };
    }),
  );
  return [...readDemo(), ...goods];
}

type DemoProduct = {
  slug: string;
  title: string;
  description: string;
  categories: string[];
  variants: { sku: string }[];
};

function readDemo(): Good[] {
  const file = new URL('../../../../local/demo/catalogue.json', import.meta.url);
  // as: the tests of the demo check the file against the schema of the product service.
  const { products } = JSON.parse(readFileSync(file, 'utf8')) as { products: DemoProduct[] };
  return products.map(({ slug, title, description, categories, variants }) => ({
    ...{ key: `demo:${slug}`, title, description, categories },
    skus: variants.map(({ sku }) => sku),
  }));
}

/** Each line: kind of query, query, and `key=grade` for each product that answers it. */
export function readJudgements(): Judgement[] {
  return languages.flatMap((language) =>
    readCells(`judgements-${language}.txt`).map(([kind = '', query = '', answers = '']) => {
      const pairs = answers.split(' ').filter((pair) => pair !== '');
      const grades = pairs.map((pair): [string, number] => {
        const [key = '', grade] = pair.split('=');
        return [key.includes(':') ? key : `${language}:${key}`, Number(grade)];
      });
      return { language, kind, query, grades: new Map(grades) };
    }),
  );
}
