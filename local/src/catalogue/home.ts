import { basket, candle, clock, mirror, vase } from '../pictures/home.ts';
import { blanket, cushion, towels } from '../pictures/textiles.ts';
import { backgrounds, type DemoProduct, inColours, singleVariant, variantsBy } from './product.ts';

export const home: readonly DemoProduct[] = [
  {
    slug: 'highland-wool-throw',
    title: 'Highland Wool Throw',
    description:
      'Woven from undyed and plant-dyed lambswool on looms that were old when our grandparents were young. It is light enough for ' +
      'a nap in May and warm enough for a sofa in January. The fringe is twisted by hand; 130 by 190 cm.',
    categories: ['home', 'gifts'],
    picture: { draw: blanket, setting: 'table', tone: backgrounds.sage, tints: { second: '#e8d3b0' } },
    variants: inColours('THROW', 11900, { Rust: 24, Ink: 19, Forest: 2 }),
  },
  {
    slug: 'striped-cushion-cover',
    title: 'Striped Cushion Cover',
    description:
      'Heavy washed cotton with a woven stripe, piped at the seams and finished with a small tassel at each corner. The zip hides ' +
      'in the lower edge and the cover comes off for a wash at 40 degrees. Fits a 50 by 50 cm inner, which is sold with it or without.',
    categories: ['home'],
    picture: { draw: cushion, setting: 'table', tone: backgrounds.blush, tints: { second: '#f6ead2' } },
    variants: inColours('CUSHION', 3200, { Mustard: 57, Lagoon: 44, Plum: 12 }),
  },
  {
    slug: 'banded-bottle-vase',
    title: 'Banded Bottle Vase',
    description:
      'A round-bellied vase with a narrow neck that holds five stems exactly where you put them. The band of triangles is cut into ' +
      'the clay before firing, so you can find it with your thumb. Watertight, 28 cm tall; the eucalyptus is yours to find.',
    categories: ['home', 'gifts'],
    picture: { draw: vase, setting: 'table', tone: backgrounds.peach, tints: { second: '#8fa67c' } },
    variants: inColours('VASE', 4400, { Snow: 36, Terracotta: 21, Sage: 16 }),
  },
  {
    slug: 'soy-candle',
    title: 'Soy Candle',
    description:
      'Poured in small batches with a cotton wick that does not need to be trimmed more than once a week. Burns for about ' +
      'forty-five hours and scents a room without announcing itself on the stairs. The amber glass becomes a good home for pencils.',
    categories: ['home', 'gifts'],
    picture: { draw: candle, setting: 'table', tone: backgrounds.lilac, tints: { main: '#9a5a2e', second: '#8a4b2d' } },
    variants: variantsBy('scent', 'CANDLE', {
      'Cedar and Smoke': [2200, 90],
      'Black Fig': [2200, 74],
      'Tomato Leaf': [2200, 31],
      'Sea Salt': [2200, 0],
    }),
  },
  {
    slug: 'oak-wall-clock',
    title: 'Oak Wall Clock',
    description:
      'A rim of solid oak, a face that can be read from the far end of the kitchen and a second hand that sweeps without a tick. ' +
      'It runs for two years on a single AA battery. 32 cm across, with one screw to hang it by.',
    categories: ['home'],
    picture: { draw: clock, setting: 'wall', tone: backgrounds.mint, tints: { main: '#c8955c', second: '#c4512f' } },
    variants: singleVariant('CLOCK-OAK', 7900, 29),
  },
  {
    slug: 'seagrass-basket',
    title: 'Seagrass Basket',
    description:
      'Woven over a frame by people who can do it without looking, and strong enough to carry firewood. The handles are bound ' +
      'twice and the base is flat, so it stands where you leave it. Swallows blankets, toys and the week’s laundry without complaint.',
    categories: ['home'],
    picture: { draw: basket, setting: 'table', tone: backgrounds.mist, tints: { main: '#d2a76a', second: '#8fa9b5' } },
    variants: variantsBy('size', 'BASKET', { Medium: [3900, 45], Large: [5400, 28] }),
  },
  {
    slug: 'waffle-bath-towels',
    title: 'Waffle Bath Towels',
    description:
      'Long-staple cotton in a waffle weave that drinks up water and then dries on the rail in an hour. They start out good and ' +
      'are better after ten washes. A set of four in colours that get along: two for the body, two for the hands.',
    categories: ['home'],
    picture: {
      draw: towels,
      setting: 'table',
      tone: backgrounds.sky,
      tints: { main: '#5f8a99', second: '#e9dcc6', third: '#c98d76' },
    },
    variants: singleVariant('TOWELS-4', 7200, 33),
  },
  {
    slug: 'round-hall-mirror',
    title: 'Round Hall Mirror',
    description:
      'Five millimetres of bevelled glass in a steam-bent frame, without a visible joint. Hang it opposite a window and the hall ' +
      'gains a second one. 70 cm across; the plaster anchors are in the box and the instructions fit on a postcard.',
    categories: ['home'],
    picture: { draw: mirror, setting: 'wall', tone: backgrounds.clay, tints: { main: '#b98550' } },
    variants: variantsBy('finish', 'MIRROR', { 'Natural Oak': [14900, 9], 'Smoked Oak': [15900, 1] }),
  },
];
