import { board, knife, skillet } from '../pictures/cookware.ts';
import { bowls, kettle, mills, mug, pourOver } from '../pictures/tableware.ts';
import { teaTowels } from '../pictures/textiles.ts';
import { backgrounds, colours, type DemoProduct, inColours, singleVariant, variantsBy } from './product.ts';

export const kitchen: readonly DemoProduct[] = [
  {
    slug: 'speckled-stoneware-mug',
    title: 'Speckled Stoneware Mug',
    description:
      'Thrown by hand and glazed by dipping, so that no two rims are quite alike. The raw clay foot stays cool on the table ' +
      'while the thick walls keep a long coffee warm. Holds 330 ml, and is happy in the dishwasher and the microwave.',
    categories: ['kitchen', 'gifts'],
    picture: { draw: mug, setting: 'table', tone: backgrounds.blush, tints: { second: '#d9b48a' } },
    variants: inColours('MUG', 1800, { Moss: 480, Ink: 260, Terracotta: 175, Oat: 0 }),
  },
  {
    slug: 'slow-morning-pour-over-set',
    title: 'Slow Morning Pour-Over Set',
    description:
      'A porcelain dripper that sits snugly on a glass jug with an oak collar, for four unhurried cups. The spiral ribs let the ' +
      'coffee bloom evenly, and the jug shows how far you have come. Forty unbleached filters are in the box to begin with.',
    categories: ['kitchen', 'gifts'],
    picture: { draw: pourOver, setting: 'table', tone: backgrounds.sage, tints: { main: colours.Snow } },
    variants: inColours('POUR', 5900, { Snow: 64, Charcoal: 22 }),
  },
  {
    slug: 'gooseneck-enamel-kettle',
    title: 'Gooseneck Enamel Kettle',
    description:
      'The narrow spout pours exactly where you look, which coffee and dried mushrooms both reward. Two coats of enamel on ' +
      'steel, a handle of oiled oak and a lid that stays on when you tip it. Works on gas, electric and induction; holds 1.1 litres.',
    categories: ['kitchen'],
    picture: { draw: kettle, setting: 'table', tone: backgrounds.peach, tints: {} },
    variants: inColours('KETTLE', 6800, { Forest: 41, Rust: 18, Snow: 3 }),
  },
  {
    slug: 'cast-iron-skillet',
    title: 'Cast Iron Skillet',
    description:
      'Cast in sand, ground smooth inside and seasoned with linseed oil before it leaves the workshop. It gets hot slowly, stays ' +
      'hot for ages and goes from the hob to the oven to the table. Treat it with nothing but hot water and a little oil, and your ' +
      'grandchildren will argue about who gets it.',
    categories: ['kitchen'],
    picture: { draw: skillet, setting: 'flat', tone: backgrounds.clay, tints: { main: colours.Charcoal } },
    variants: variantsBy('size', 'SKILLET', { '20 cm': [3400, 75], '26 cm': [4900, 52], '30 cm': [6200, 0] }),
  },
  {
    slug: 'olive-wood-chopping-board',
    title: 'Olive Wood Chopping Board',
    description:
      'Cut from a single plank of trees that no longer bear fruit, so the grain runs the whole length without a joint. The wood is ' +
      'dense enough to be kind to knives and handsome enough for cheese. Comes oiled, with a leather loop to hang it by.',
    categories: ['kitchen', 'gifts'],
    picture: { draw: board, setting: 'flat', tone: backgrounds.sage, tints: { main: '#c68f56' } },
    variants: variantsBy('size', 'BOARD', { Small: [2900, 88], Medium: [4200, 61], Large: [5800, 14] }),
  },
  {
    slug: 'forged-chefs-knife',
    title: "Forged Chef's Knife",
    description:
      'Forged in one piece, hardened to 59 HRC and ground thin behind the edge, so it falls through an onion rather than ' +
      'pushing at it. The walnut grip is shaped for a pinch hold and riveted in brass. Send it back once a year and we sharpen it free of charge.',
    categories: ['kitchen'],
    picture: { draw: knife, setting: 'flat', tone: backgrounds.stone, tints: { main: '#7a4a2e' } },
    variants: variantsBy('length', 'KNIFE', { '16 cm': [8900, 26], '20 cm': [10900, 33] }),
  },
  {
    slug: 'nesting-bowls',
    title: 'Nesting Bowls',
    description:
      'Three bowls for whisking, serving and forgetting half a salad in the fridge, which then stack to the footprint of one. ' +
      'The glaze is lead-free and the bases are left bare, so they do not slide while you stir. The largest holds three litres.',
    categories: ['kitchen', 'home'],
    picture: {
      draw: bowls,
      setting: 'table',
      tone: backgrounds.mist,
      tints: { main: '#5b7a8c', second: '#d9a15a', third: '#efe4d2' },
    },
    variants: singleVariant('BOWLS', 5400, 47),
  },
  {
    slug: 'striped-linen-tea-towels',
    title: 'Striped Linen Tea Towels',
    description:
      'Two towels of washed linen that dry a glass without leaving a trace and are dry themselves by the next meal. The stripes ' +
      'are woven in, not printed, and fade gracefully. Each has a loop at the corner, because the floor is no place for a towel.',
    categories: ['kitchen'],
    picture: {
      draw: teaTowels,
      setting: 'wall',
      tone: backgrounds.stone,
      tints: { main: '#f3ece0', second: '#b5583c' },
    },
    variants: singleVariant('TEATOWEL-2', 2400, 130),
  },
  {
    slug: 'turned-salt-and-pepper-mills',
    title: 'Turned Salt and Pepper Mills',
    description:
      'A tall mill of pale beech for salt and a shorter one of smoked oak for pepper, so the hand knows which is which. The ' +
      'ceramic grinders adjust with a turn of the steel knob, from dust to crushed. Sold as the pair that they are.',
    categories: ['kitchen', 'gifts'],
    picture: { draw: mills, setting: 'table', tone: backgrounds.butter, tints: { main: '#d3a063', second: '#5a3925' } },
    variants: singleVariant('MILLS-PAIR', 4600, 38),
  },
];
