import { mkdir, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import { writeWhole } from '../data-folder.ts';
import { PICTURES_FOLDER } from '../demo-catalogue.ts';

/** Copies the pictures of the demo catalogue into `folder`; those that are there already, and the same, are left alone. */
export async function copyPictures(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  const files = await readdir(PICTURES_FOLDER);
  await Promise.all(
    files.map(async (file) => copy(await readFile(new URL(file, PICTURES_FOLDER), 'utf8'), join(folder, file))),
  );
}

/** With a compressed copy beside it, which the gateway sends to those who take it; it is there before the picture is. */
async function copy(text: string, file: string): Promise<void> {
  const existing = await readFile(file, 'utf8').catch(() => undefined);
  if (existing === text) return;
  await writeWhole(`${file}.gz`, await promisify(gzip)(text));
  await writeWhole(file, text);
}
