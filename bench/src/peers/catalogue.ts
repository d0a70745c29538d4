import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { BenchmarkContext } from '../context.ts';
import type { CatalogueProduct } from './peer.ts';

/** Reads the catalogue of the benchmark out of the database of `product`, oldest first, and writes it to a file. */
export async function exportCatalogue({ infrastructure, deployment }: BenchmarkContext) {
  const { rows } = await infrastructure.postgres.run(
    deployment.database('product'),
    `select slug, title, description, variants from product join lateral (
       select json_agg(json_build_object('sku', sku, 'title', variant.title, 'amount', amount, 'onHand', on_hand)
         order by variant.position) as variants
       from variant join stock using (sku) where variant.product_id = product.id) as its_variants on true
     order by product.id`,
  );
  const catalogue: CatalogueProduct[] = rows;
  const catalogueFile = path.join(infrastructure.scratch, 'catalogue.json');
  await writeFile(catalogueFile, JSON.stringify(catalogue));
  return { catalogue, catalogueFile };
}
