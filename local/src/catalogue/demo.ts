import { audio } from './audio.ts';
import { clothing } from './clothing.ts';
import { garden } from './garden.ts';
import { home } from './home.ts';
import { kitchen } from './kitchen.ts';
import { lighting } from './lighting.ts';
import { outdoors } from './outdoors.ts';
import type { DemoProduct } from './product.ts';
import { stationery } from './stationery.ts';

/** What the demo shop sells. */
export const demoCatalogue: readonly DemoProduct[] = [
  ...kitchen,
  ...home,
  ...lighting,
  ...stationery,
  ...audio,
  ...clothing,
  ...outdoors,
  ...garden,
];

/** What of it is shown first. */
export const demoWindow: readonly string[] = [
  'speckled-stoneware-mug',
  'storm-lantern',
  'highland-wool-throw',
  'correspondent-fountain-pen',
  'waxed-canvas-rucksack',
  'evening-turntable',
  'gooseneck-enamel-kettle',
  'chanterelle-portable-lamp',
  'clothbound-notebook',
  'slow-morning-pour-over-set',
  'banded-bottle-vase',
];
