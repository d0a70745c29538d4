import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import { demoCatalogue } from '../catalogue/demo.ts';
import { picturesOf } from '../catalogue/pictures.ts';
import { writeWhole } from '../data-folder.ts';

/** Draws the pictures of the demo catalogue into `folder`; those that are there already, and the same, are left alone. */
export async function drawPictures(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  for (const product of demoCatalogue) {
    await Promise.all(picturesOf(product).map(({ file, svg }) => draw(join(folder, file), svg())));
  }
}

/** With a compressed copy beside it, which the gateway sends to those who take it; it is there before the picture is. */
async function draw(file: string, text: string): Promise<void> {
  const there = await readFile(file, 'utf8').catch(() => undefined);
  if (there === text) return;
  await writeWhole(`${file}.gz`, await promisify(gzip)(text));
  await writeWhole(file, text);
}
