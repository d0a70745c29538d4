import { birdHouse, boots, hangingPlanter, planter, seeds, trowels, wateringCan } from '../pictures/garden.ts';
import { backgrounds, type DemoProduct, inColours, singleVariant, variantsBy } from './product.ts';

export const garden: readonly DemoProduct[] = [
  {
    slug: 'long-reach-watering-can',
    title: 'Long-Reach Watering Can',
    description:
      'Balanced so that a full can pours with one hand, and long enough in the spout to reach the back of the bed. The brass rose gives ' +
      'a rain so fine that seedlings stay where they are. Galvanised, painted, and built to be left outside; six litres.',
    categories: ['garden'],
    picture: { draw: wateringCan, setting: 'table', tone: backgrounds.sage, tints: {} },
    variants: inColours('CAN', 4900, { Lagoon: 42, Moss: 33, Rust: 15 }),
  },
  {
    slug: 'terracotta-planter',
    title: 'Terracotta Planter',
    description:
      'Thick-walled terracotta from a kiln that has fired pots for four generations, with a saucer to match. The clay breathes, so ' +
      'roots do not drown when somebody is too kind with water. Frost-proof down to minus fifteen.',
    categories: ['garden', 'home'],
    picture: {
      draw: planter,
      setting: 'table',
      tone: backgrounds.peach,
      tints: { main: '#c4694a', second: '#5f8f5a' },
    },
    variants: variantsBy('diameter', 'PLANTER', { '18 cm': [1900, 105], '26 cm': [3100, 68], '34 cm': [4700, 20] }),
  },
  {
    slug: 'hand-trowel-and-fork',
    title: 'Hand Trowel and Fork',
    description:
      'Stainless heads that slide through clay, riveted to handles of ash that were turned for a gloved hand. The trowel is marked ' +
      'in centimetres, for bulbs and for winning arguments about depth. A pair, with leather loops.',
    categories: ['garden', 'gifts'],
    picture: { draw: trowels, setting: 'flat', tone: backgrounds.stone, tints: { main: '#b07a48' } },
    variants: singleVariant('TROWELSET', 3600, 59),
  },
  {
    slug: 'cutting-garden-seeds',
    title: 'Cutting Garden Seeds',
    description:
      'Three packets that flower one after another from June to the first frost, chosen for standing well in a vase. Sow them, ' +
      'thin them, cut them: the more you take, the more you get. Enough for four square metres, with instructions that assume nothing.',
    categories: ['garden', 'gifts'],
    picture: {
      draw: seeds,
      setting: 'flat',
      tone: backgrounds.mint,
      tints: { main: '#5f8a5c', second: '#c4694a', third: '#6d6aa0' },
    },
    variants: singleVariant('SEEDS-3', 1150, 220),
  },
  {
    slug: 'songbird-nesting-box',
    title: 'Songbird Nesting Box',
    description:
      'Untreated larch with a zinc roof and an entrance of exactly thirty-two millimetres, which suits tits and keeps out bullies. ' +
      'The front swings open for a clean in autumn. Hang it facing east, and be patient until March.',
    categories: ['garden'],
    picture: { draw: birdHouse, setting: 'wall', tone: backgrounds.sky, tints: { main: '#d8b48a', second: '#3f6f73' } },
    variants: singleVariant('NESTBOX', 3800, 2),
  },
  {
    slug: 'hanging-planter',
    title: 'Hanging Planter',
    description:
      'A glazed bowl in four cords of knotted cotton, for plants that would rather hang than stand. The inner pot lifts out, so you ' +
      'can water at the sink and hang it back dry. Holds a pot of 15 cm; the hook takes ten kilograms.',
    categories: ['garden', 'home'],
    picture: { draw: hangingPlanter, setting: 'wall', tone: backgrounds.blush, tints: { second: '#6f9f62' } },
    variants: inColours('HANGPOT', 3400, { Rose: 37, Slate: 29, Snow: 24 }),
  },
  {
    slug: 'allotment-boots',
    title: 'Allotment Boots',
    description:
      'Natural rubber boots on a sole that lets go of mud when you tap it. Lined with cotton, cut wide at the calf, and easy to step ' +
      'out of at the kitchen door. They come in whole sizes; when in doubt, leave room for socks.',
    categories: ['garden', 'outdoors'],
    picture: { draw: boots, setting: 'table', tone: backgrounds.mist, tints: { main: '#3f5a3c', second: '#d9b56d' } },
    variants: variantsBy('size', 'BOOTS', {
      '37': [6900, 8],
      '38': [6900, 12],
      '39': [6900, 13],
      '40': [6900, 15],
      '41': [6900, 14],
      '42': [6900, 16],
      '43': [6900, 10],
      '44': [6900, 1],
    }),
  },
];
