import { campChair, campLantern, hammock, sleepingBag, tent } from '../pictures/camping.ts';
import { backpack, bottle, campMug, compass } from '../pictures/outdoors.ts';
import { backgrounds, type DemoProduct, inColours, inColoursAndSizes, singleVariant, variantsBy } from './product.ts';

export const outdoors: readonly DemoProduct[] = [
  {
    slug: 'meadow-two-person-tent',
    title: 'Meadow Two-Person Tent',
    description:
      'A ridge tent that goes up in six minutes, or nine in an argument. The inner hangs from the outer, so it stays dry when you pitch ' +
      'it in the rain. Weighs 2.4 kg, sleeps two, and has a pocket at each end for the torch that you always lose.',
    categories: ['outdoors'],
    picture: {
      draw: tent,
      setting: 'table',
      tone: backgrounds.sky,
      tints: { main: '#d9683c', second: '#f0d9a0', third: '#6f9457' },
    },
    variants: singleVariant('TENT-2', 27900, 16),
  },
  {
    slug: 'waxed-canvas-rucksack',
    title: 'Waxed Canvas Rucksack',
    description:
      'Waxed cotton canvas, bridle leather and solid brass: materials that get better by being used. The padded sleeve takes a ' +
      'laptop and the rest takes a weekend. 24 litres; when the wax wears thin, we send you a new tin.',
    categories: ['outdoors', 'clothing'],
    picture: { draw: backpack, setting: 'table', tone: backgrounds.stone, tints: { second: '#a5673a' } },
    variants: inColours('RUCKSACK', 16900, { Forest: 30, Navy: 23, Mustard: 11 }),
  },
  {
    slug: 'summit-insulated-bottle',
    title: 'Summit Insulated Bottle',
    description:
      'Two walls of steel and nothing in between, so tea is hot at the top and water is cold on the way down. The lid has a loop for ' +
      'a carabiner and a thread that closes in one turn. No coating inside, no taste, no dents that matter.',
    categories: ['outdoors'],
    picture: { draw: bottle, setting: 'table', tone: backgrounds.mint, tints: { second: '#d9a15a' } },
    variants: inColoursAndSizes('BOTTLE', 3400, ['0.5 l', '0.75 l'], {
      Lagoon: [140, 115],
      Charcoal: [98, 102],
      Rose: [41, 0],
    }),
  },
  {
    slug: 'enamel-camp-mugs',
    title: 'Enamel Camp Mugs',
    description:
      'A pair of mugs that go straight onto the embers and then into a coat pocket. The speckles are splashed on by hand before the ' +
      'second firing. They chip, eventually, and look better for it.',
    categories: ['outdoors', 'kitchen', 'gifts'],
    picture: { draw: campMug, setting: 'table', tone: backgrounds.clay, tints: { main: '#2f4a6b', second: '#b5483a' } },
    variants: singleVariant('CAMPMUG-2', 2600, 118),
  },
  {
    slug: 'storm-lantern',
    title: 'Storm Lantern',
    description:
      'A lantern of the old pattern that burns for twenty hours and does not care about wind. Turn the key for more light, lift the ' +
      'lever to light it. It has lit stables, boats and a good many proposals of marriage.',
    categories: ['outdoors', 'lighting'],
    picture: { draw: campLantern, setting: 'night', tone: backgrounds.pine, tints: {} },
    variants: inColours('STORM', 3900, { Rust: 56, Forest: 37 }),
  },
  {
    slug: 'three-season-sleeping-bag',
    title: 'Three-Season Sleeping Bag',
    description:
      'Recycled fill that stays warm when damp, quilted so that it cannot wander. The hood draws close around the face and the zip runs ' +
      'on a stiff tape that never bites. Comfortable down to two degrees; packs to the size of a loaf.',
    categories: ['outdoors'],
    picture: {
      draw: sleepingBag,
      setting: 'flat',
      tone: backgrounds.sage,
      tints: { main: '#3f6f8a', second: '#d98a3c' },
    },
    variants: variantsBy('length', 'SLEEPBAG', { Regular: [14900, 19], Long: [15900, 5] }),
  },
  {
    slug: 'folding-camp-chair',
    title: 'Folding Camp Chair',
    description:
      'Beech legs and a sling of thick canvas that hold you a comfortable hand above the ground. It folds in two movements and hangs ' +
      'from a hook all winter. The pocket behind your back is meant for a newspaper.',
    categories: ['outdoors', 'garden'],
    picture: { draw: campChair, setting: 'table', tone: backgrounds.sage, tints: { second: '#6d452c' } },
    variants: inColours('CHAIR', 8400, { Terracotta: 25, Moss: 18 }),
  },
  {
    slug: 'orchard-hammock',
    title: 'Orchard Hammock',
    description:
      'Soft cotton, woven wide enough to lie across, which is the secret of sleeping in one. The straps go round a trunk without ' +
      'hurting it and hold two hundred kilograms. Hang it between trees, or between things you should be doing.',
    categories: ['outdoors', 'garden', 'gifts'],
    picture: {
      draw: hammock,
      setting: 'table',
      tone: backgrounds.sky,
      tints: { main: '#d9683c', second: '#3f6f73', third: '#7fa068' },
    },
    variants: singleVariant('HAMMOCK', 9600, 0),
  },
  {
    slug: 'brass-pocket-compass',
    title: 'Brass Pocket Compass',
    description:
      'A liquid-filled compass in a brass case that closes over the glass. The needle settles in two seconds and the bearing ring ' +
      'clicks at every five degrees. It needs no signal, no battery and only a little practice.',
    categories: ['outdoors', 'gifts'],
    picture: { draw: compass, setting: 'flat', tone: backgrounds.clay, tints: { main: '#c9a25a', second: '#7a4a2e' } },
    variants: singleVariant('COMPASS', 4800, 34),
  },
];
