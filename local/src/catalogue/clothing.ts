import { beanie, gloves, scarf, sneakers, socks, tote } from '../pictures/accessories.ts';
import { choreJacket, jumper, rainJacket, tShirt } from '../pictures/clothing.ts';
import { backgrounds, type DemoProduct, inColours, inColoursAndSizes, singleVariant, variantsBy } from './product.ts';

const SIZES = ['S', 'M', 'L', 'XL'];
const SHOE_SIZES = ['37', '38', '39', '40', '41', '42', '43', '44'];

export const clothing: readonly DemoProduct[] = [
  {
    slug: 'heavyweight-t-shirt',
    title: 'Heavyweight T-Shirt',
    description:
      'Jersey of 240 grams, knitted in the round so there is no side seam to twist. The collar is still a collar after fifty washes. ' +
      'Organic cotton, cut straight, with one pocket that is big enough for a train ticket.',
    categories: ['clothing'],
    picture: { draw: tShirt, setting: 'wall', tone: backgrounds.mist, tints: { second: '#c4694a' } },
    variants: inColoursAndSizes('TEE', 3500, SIZES, {
      Snow: [80, 140, 120, 60],
      Navy: [70, 110, 95, 40],
      Moss: [30, 45, 38, 0],
      Terracotta: [22, 34, 29, 12],
    }),
  },
  {
    slug: 'fishermans-yoke-jumper',
    title: "Fisherman's Yoke Jumper",
    description:
      'A merino jumper with a patterned yoke that is worked in, stitch by stitch, rather than printed on. Warm when wet, cool enough ' +
      'for indoors, and soft at the neck. It comes with a length of its own yarn, for the day that it meets a nail.',
    categories: ['clothing'],
    picture: { draw: jumper, setting: 'wall', tone: backgrounds.clay, tints: { second: '#f0e4cc' } },
    variants: inColoursAndSizes('JUMPER', 12900, SIZES, {
      Ink: [14, 26, 22, 9],
      Forest: [8, 15, 11, 2],
      Rust: [6, 10, 0, 0],
    }),
  },
  {
    slug: 'chore-jacket',
    title: 'Chore Jacket',
    description:
      'A worker’s jacket in heavy cotton twill, with three pockets, five horn-coloured buttons and no opinion about your job. It is ' +
      'stiff for a week and yours for ever. Room for a jumper underneath; the cuffs are long enough to turn back.',
    categories: ['clothing'],
    picture: { draw: choreJacket, setting: 'wall', tone: backgrounds.stone, tints: {} },
    variants: inColoursAndSizes('CHORE', 11500, SIZES, { Ink: [18, 32, 27, 13], Moss: [9, 17, 15, 5] }),
  },
  {
    slug: 'cloudburst-rain-jacket',
    title: 'Cloudburst Rain Jacket',
    description:
      'Fully taped, properly waterproof and quiet to walk in, which is rarer than it should be. The hood turns with your head and ' +
      'folds into its own collar. Made from recycled fishing nets, finished without fluorocarbons.',
    categories: ['clothing', 'outdoors'],
    picture: { draw: rainJacket, setting: 'wall', tone: backgrounds.sky, tints: { second: '#3d4a52' } },
    variants: inColoursAndSizes('RAIN', 14900, SIZES, { Mustard: [12, 20, 18, 7], Lagoon: [10, 16, 14, 1] }),
  },
  {
    slug: 'bobble-beanie',
    title: 'Bobble Beanie',
    description:
      'Ribbed lambswool with a deep cuff and a bobble of generous proportions. The lining is soft cotton, so nothing itches on the ' +
      'forehead. One size fits most heads, including large ones with a lot of hair.',
    categories: ['clothing', 'gifts'],
    picture: { draw: beanie, setting: 'table', tone: backgrounds.mist, tints: { second: '#f0e4d0' } },
    variants: inColours('BEANIE', 2900, { Rust: 72, Navy: 65, Mustard: 40, Sage: 28 }),
  },
  {
    slug: 'striped-wool-socks',
    title: 'Striped Wool Socks',
    description:
      'Two pairs of thick socks with a cushioned sole and a heel that stays on the heel. The wool is blended with just enough nylon ' +
      'to outlast a winter of hallways. Warm, washable, and never found singly in our house.',
    categories: ['clothing', 'gifts'],
    picture: {
      draw: socks,
      setting: 'flat',
      tone: backgrounds.stone,
      tints: { main: '#6d7f5b', second: '#b5583c', third: '#efe4cf' },
    },
    variants: variantsBy('size', 'SOCKS', { '36-38': [1700, 84], '39-42': [1700, 121], '43-46': [1700, 66] }),
  },
  {
    slug: 'lakeside-canvas-tote',
    title: 'Lakeside Canvas Tote',
    description:
      'Sixteen-ounce canvas, handles long enough for a shoulder and crosses sewn where bags usually give up. It carries a week of ' +
      'vegetables or one very good book. The print is water-based and fades like a memory of the lake.',
    categories: ['clothing'],
    picture: { draw: tote, setting: 'wall', tone: backgrounds.mint, tints: { main: '#ece0c8', second: '#3f6f73' } },
    variants: singleVariant('TOTE', 2200, 190),
  },
  {
    slug: 'checked-lambswool-scarf',
    title: 'Checked Lambswool Scarf',
    description:
      'Brushed lambswool in a check of plum, amber and cream, long enough to go round twice. It is as light as a shirt and as warm ' +
      'as company. The ends are fringed by hand.',
    categories: ['clothing', 'gifts'],
    picture: {
      draw: scarf,
      setting: 'wall',
      tone: backgrounds.lilac,
      tints: { main: '#7a3a3a', second: '#d9a15a', third: '#efe2c8' },
    },
    variants: singleVariant('SCARF', 5400, 43),
  },
  {
    slug: 'canvas-court-shoes',
    title: 'Canvas Court Shoes',
    description:
      'Canvas uppers on a natural rubber sole, vulcanised rather than glued, so that the two stay together. A cork footbed takes the ' +
      'shape of your foot within a week. They look best slightly dirty.',
    categories: ['clothing'],
    picture: { draw: sneakers, setting: 'table', tone: backgrounds.peach, tints: { second: '#c4694a' } },
    variants: inColoursAndSizes('COURT', 7900, SHOE_SIZES, {
      Forest: [6, 9, 12, 14, 13, 15, 11, 5],
      Navy: [5, 8, 10, 12, 11, 12, 9, 4],
      Snow: [0, 3, 6, 8, 8, 7, 2, 0],
    }),
  },
  {
    slug: 'knitted-gloves',
    title: 'Knitted Gloves',
    description:
      'Fine merino gloves with a cuff that reaches under the sleeve, where the wind would otherwise. Thumb and forefinger are woven ' +
      'with a conductive thread, so the phone can stay in the cold with you. Thin enough to find a key.',
    categories: ['clothing'],
    picture: { draw: gloves, setting: 'flat', tone: backgrounds.mist, tints: { main: '#8a8f96', second: '#c98d5a' } },
    variants: variantsBy('size', 'GLOVES', { 'S-M': [3300, 50], 'L-XL': [3300, 47] }),
  },
];
