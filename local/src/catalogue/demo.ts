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
