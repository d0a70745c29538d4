import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
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

async function draw(file: string, text: string): Promise<void> {
  const there = await readFile(file, 'utf8').catch(() => undefined);
  if (there !== text) await writeWhole(file, text);
}
