import {
  deskLamp,
  floorLamp,
  globeLamp,
  mushroomLamp,
  paperLamp,
  pendant,
  stringLights,
} from '../pictures/lighting.ts';
import { backgrounds, type DemoProduct, inColours, singleVariant, variantsBy } from './product.ts';

export const lighting: readonly DemoProduct[] = [
  {
    slug: 'draughtsman-desk-lamp',
    title: 'Draughtsman Desk Lamp',
    description:
      'Two arms, three brass joints and a head that stays where you point it. The switch in the base dims from reading to ' +
      'thinking. A warm LED bulb is included and, as all bulbs should be, can be replaced by hand.',
    categories: ['lighting'],
    picture: { draw: deskLamp, setting: 'night', tone: backgrounds.slate, tints: {} },
    variants: inColours('DESKLAMP', 12900, { Rust: 31, Sage: 17, Charcoal: 25 }),
  },
  {
    slug: 'harbour-pendant-lamp',
    title: 'Harbour Pendant Lamp',
    description:
      'A deep dome of spun aluminium that throws its light on the table and keeps it out of your eyes. White inside, coloured ' +
      'outside, with a brass collar that warms as it ages. Two metres of textile cable, 38 cm across.',
    categories: ['lighting', 'kitchen'],
    picture: { draw: pendant, setting: 'night', tone: backgrounds.pine, tints: {} },
    variants: inColours('PENDANT', 9800, { Lagoon: 22, Mustard: 14, Charcoal: 30 }),
  },
  {
    slug: 'moonrise-table-lamp',
    title: 'Moonrise Table Lamp',
    description:
      'A ball of opal glass on a foot of turned brass: the full moon, with a dimmer. The mouth-blown glass spreads the light so ' +
      'evenly that you will not find the bulb. Put it on a low shelf and the whole wall glows.',
    categories: ['lighting', 'gifts'],
    picture: { draw: globeLamp, setting: 'night', tone: backgrounds.plum, tints: { main: '#c9a25a' } },
    variants: singleVariant('MOONRISE', 13900, 11),
  },
  {
    slug: 'chanterelle-portable-lamp',
    title: 'Chanterelle Portable Lamp',
    description:
      'A small lamp without a cable, for balconies, bedsides and power cuts. Tap the dot on its stem for three brightnesses; the ' +
      'lowest lasts for sixty hours. It charges over USB-C and does not mind a little rain.',
    categories: ['lighting', 'outdoors', 'gifts'],
    picture: { draw: mushroomLamp, setting: 'night', tone: backgrounds.umber, tints: { second: '#f0ddb8' } },
    variants: inColours('CHANTERELLE', 7400, { Terracotta: 83, Moss: 52, Snow: 0 }),
  },
  {
    slug: 'courtyard-string-lights',
    title: 'Courtyard String Lights',
    description:
      'Shatterproof bulbs with a warm filament, on a rubber cable that stays soft in frost. String them over a table and nobody ' +
      'goes home at ten. Rated IP65, so they may stay up through the winter; strings can be joined end to end.',
    categories: ['lighting', 'garden'],
    picture: { draw: stringLights, setting: 'night', tone: backgrounds.dusk, tints: { main: '#4a4640' } },
    variants: variantsBy('length', 'STRING', { '5 m': [3600, 96], '10 m': [5900, 70] }),
  },
  {
    slug: 'tripod-floor-lamp',
    title: 'Tripod Floor Lamp',
    description:
      'Three legs of solid ash that fold together for moving day, under a shade pleated by hand from cotton. The light falls where ' +
      'a book would be, and a little of it climbs the wall. 148 cm tall, with a switch that a foot can find.',
    categories: ['lighting', 'home'],
    picture: {
      draw: floorLamp,
      setting: 'night',
      tone: backgrounds.umber,
      tints: { main: '#efe0c0', second: '#9a6a3c' },
    },
    variants: singleVariant('TRIPOD', 18900, 8),
  },
  {
    slug: 'mulberry-paper-lantern',
    title: 'Mulberry Paper Lantern',
    description:
      'Mulberry paper over a spiral of bamboo, which arrives flat and becomes a moon when you pull it. Nothing softens the light ' +
      'of a room for less. Fits any hanging socket; the frame clicks in without tools.',
    categories: ['lighting'],
    picture: { draw: paperLamp, setting: 'night', tone: backgrounds.dusk, tints: { main: '#f3e6c8' } },
    variants: variantsBy('diameter', 'LANTERN', { '40 cm': [1900, 140], '60 cm': [2800, 85] }),
  },
];
