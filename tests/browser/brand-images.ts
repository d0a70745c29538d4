// Takes the pictures that stand for the shop elsewhere: link previews, home screens, tabs. They lie in web/public.
import { readFile, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import path from 'node:path';
import { until } from '@tradepost/testing/until';
import type { Browser } from 'playwright-core';

const folder = path.join(import.meta.dirname, '../../web/public');

/** Icons by their file names, and their sides in pixels. Icons of home screens fill their square: each system cuts its own corners. */
const icons = [
  { file: 'favicon.png', side: 48, fills: false },
  { file: 'apple-touch-icon.png', side: 180, fills: true },
  { file: 'icon-192.png', side: 192, fills: true },
  { file: 'icon-512.png', side: 512, fills: true },
];

/** The size that networks ask for; the gateway names it in the head of each page. */
const preview = { width: 1200, height: 630 };
const shown = ['storm-lantern', 'speckled-stoneware-mug', 'oak-wall-clock'];

/** `url`: the shop, of whose products the preview shows some. */
export async function takeBrandImages(browser: Browser, url: string): Promise<void> {
  const mark = await readFile(path.join(folder, 'favicon.svg'), 'utf8');
  for (const { file, side, fills } of icons) {
    const page = await browser.newPage({ viewport: { width: side, height: side } });
    const svg = fills ? mark.replace(' rx="8"', '') : mark;
    await page.setContent(`<style>body { margin: 0 } svg { display: block; width: 100vw }</style>${svg}`);
    await writeFile(path.join(folder, file), await page.screenshot({ omitBackground: true }));
    await page.close();
  }
  const page = await browser.newPage({ viewport: preview });
  await page.setContent(previewHtml(mark, await titleFont(), url));
  await page.evaluate('document.fonts.ready.then(() => undefined)');
  await until(() =>
    page.evaluate<boolean>('[...document.images].every((one) => one.complete && one.naturalWidth > 0)'),
  );
  await writeFile(path.join(folder, 'preview.png'), await page.screenshot());
  await page.close();
}

async function titleFont(): Promise<string> {
  const file = createRequire(import.meta.url).resolve(
    '@fontsource/young-serif/files/young-serif-latin-400-normal.woff2',
  );
  return (await readFile(file)).toString('base64');
}

const previewHtml = (mark: string, font: string, url: string): string => `
  <style>
    @font-face { font-family: Title; src: url(data:font/woff2;base64,${font}) }
    body { margin: 0; display: grid; grid-template-columns: 1fr 560px; height: 100vh; background: #f2ede3; color: #23261f }
    .words { display: grid; align-content: center; gap: 24px; padding-left: 72px; font-family: Title, serif }
    .name { display: flex; align-items: center; gap: 20px; font-size: 44px }
    .name svg { width: 64px }
    h1 { margin: 0; font-size: 68px; font-weight: 400; line-height: 1.1 }
    .pictures { display: grid; grid-template-columns: 2fr 1fr; gap: 16px; padding: 40px; align-content: center }
    img { width: 100%; height: 100%; object-fit: cover; border-radius: 20px }
    img:first-child { grid-row: span 2 }
  </style>
  <div class="words"><div class="name">${mark}Tradepost</div><h1>Things worth keeping</h1></div>
  <div class="pictures">${shown.map((name) => `<img src="${url}/media/demo/${name}.svg">`).join('')}</div>`;
