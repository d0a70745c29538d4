import { notebook, planner, scissors, tapes } from '../pictures/stationery.ts';
import { fountainPen, ink, letters, pencils } from '../pictures/writing.ts';
import { backgrounds, type DemoProduct, inColours, singleVariant, variantsBy } from './product.ts';

export const stationery: readonly DemoProduct[] = [
  {
    slug: 'clothbound-notebook',
    title: 'Clothbound Notebook',
    description:
      'Two hundred pages of cream paper that takes fountain pen ink without feathering, sewn so that it lies flat at any of them. ' +
      'Numbered pages, an index and a ribbon for people who mean to find things again. A5, dotted, with a pocket inside the back cover.',
    categories: ['stationery', 'gifts'],
    picture: { draw: notebook, setting: 'flat', tone: backgrounds.stone, tints: { second: '#d9a036' } },
    variants: inColours('NOTEBOOK', 1900, { Forest: 210, Rust: 145, Navy: 188, Rose: 60 }),
  },
  {
    slug: 'correspondent-fountain-pen',
    title: 'Correspondent Fountain Pen',
    description:
      'A barrel of polished resin, a steel nib that was tuned by hand and a cap that closes with a click. It writes at the first ' +
      'touch, even after a fortnight in a drawer. Takes cartridges or the converter that comes with it.',
    categories: ['stationery', 'gifts'],
    picture: { draw: fountainPen, setting: 'flat', tone: backgrounds.mist, tints: { main: '#25324f' } },
    variants: variantsBy('nib', 'PEN', { Fine: [6400, 37], Medium: [6400, 42], Broad: [6400, 4] }),
  },
  {
    slug: 'colour-pencils-in-a-tin',
    title: 'Colour Pencils in a Tin',
    description:
      'Cedar barrels that smell of school and cores that lay down colour without being asked twice. The tin stands up on its own, so ' +
      'the pencils look at you until you draw something. Made for children, borrowed by everybody else.',
    categories: ['stationery', 'gifts'],
    picture: { draw: pencils, setting: 'flat', tone: backgrounds.butter, tints: { main: '#3f6f73' } },
    variants: variantsBy('set', 'PENCILS', { '8 colours': [1400, 160], '24 colours': [3400, 58] }),
  },
  {
    slug: 'weekly-desk-planner',
    title: 'Weekly Desk Planner',
    description:
      'One week to a sheet, seven columns and a strip along the bottom for everything that has no day yet. Undated, so a holiday ' +
      'costs no paper. Fifty-four sheets on a stiff back, bound at the top and torn off with some satisfaction on Fridays.',
    categories: ['stationery'],
    picture: { draw: planner, setting: 'flat', tone: backgrounds.sage, tints: { main: '#5f8a99', second: '#d98b5f' } },
    variants: singleVariant('PLANNER', 1650, 112),
  },
  {
    slug: 'brass-handled-scissors',
    title: 'Brass-Handled Scissors',
    description:
      'Hardened steel blades that cut to the very tip, on brass handles large enough for a whole hand. They close with the sound ' +
      'that scissors make in films. Good for paper, ribbon and cloth; please do not lend them to anyone who opens parcels.',
    categories: ['stationery'],
    picture: { draw: scissors, setting: 'flat', tone: backgrounds.blush, tints: { main: '#d0a44f' } },
    variants: singleVariant('SCISSORS', 2700, 65),
  },
  {
    slug: 'paper-tape-assortment',
    title: 'Paper Tape Assortment',
    description:
      'Four rolls of rice paper tape that sticks to nearly everything and comes off again without a grudge. Mark a page, mend a ' +
      'map, hang a drawing at the height of its artist. Ten metres each, in dots, stripes and two plain colours.',
    categories: ['stationery'],
    picture: {
      draw: tapes,
      setting: 'flat',
      tone: backgrounds.peach,
      tints: { main: '#5f8a99', second: '#c98d76', third: '#8fa67c' },
    },
    variants: singleVariant('TAPES-4', 950, 300),
  },
  {
    slug: 'bottled-ink',
    title: 'Bottled Ink',
    description:
      'Fifty millilitres of ink that flows well, dries in a reasonable time and shades from deep to pale within a single word. The ' +
      'bottle is wide enough for a thick pen and heavy enough not to be knocked over by a sleeve. Washes out of most things, given cold water and haste.',
    categories: ['stationery'],
    picture: { draw: ink, setting: 'table', tone: backgrounds.lilac, tints: {} },
    variants: inColours('INK', 1300, { Ink: 95, Forest: 54, Plum: 48, Rust: 0 }),
  },
  {
    slug: 'letter-writing-set',
    title: 'Letter Writing Set',
    description:
      'Twenty sheets of cotton paper and twenty lined envelopes, with a stick of red wax and a seal for the important ones. The paper ' +
      'has just enough tooth to slow you down. Somebody you know has not had a real letter in years.',
    categories: ['stationery', 'gifts'],
    picture: { draw: letters, setting: 'flat', tone: backgrounds.clay, tints: { main: '#d8b48a', second: '#9db09a' } },
    variants: singleVariant('LETTERSET', 2900, 40),
  },
];
