import { earbuds, headphones, portableSpeaker, radio, speakers, turntable } from '../pictures/audio.ts';
import { backgrounds, type DemoProduct, inColours, singleVariant, variantsBy } from './product.ts';

export const audio: readonly DemoProduct[] = [
  {
    slug: 'still-over-ear-headphones',
    title: 'Still Over-Ear Headphones',
    description:
      'Headphones for long flights and open offices: they hush what is around you and leave the music alone. Memory foam under soft ' +
      'leather, forty hours on a charge, and a cable in the case for when you forgot. Every part that wears can be replaced with one screwdriver.',
    categories: ['audio'],
    picture: { draw: headphones, setting: 'table', tone: backgrounds.blush, tints: { second: '#8a5a3a' } },
    variants: inColours('STILL', 24900, { Oat: 35, Charcoal: 48, Forest: 6 }),
  },
  {
    slug: 'pebble-wireless-earbuds',
    title: 'Pebble Wireless Earbuds',
    description:
      'Small, light and shaped so that you forget which pocket the case is in. Six hours in the ear and three more charges in the case. ' +
      'Four sizes of tips come with them, and they survive a run in the rain.',
    categories: ['audio'],
    picture: { draw: earbuds, setting: 'table', tone: backgrounds.mint, tints: { second: '#8d929a' } },
    variants: inColours('PEBBLE', 11900, { Snow: 120, Sage: 77, Charcoal: 104 }),
  },
  {
    slug: 'bookshelf-speakers',
    title: 'Bookshelf Speakers',
    description:
      'A pair of two-way speakers in real walnut veneer, voiced over a winter by someone with a very good piano. They are ' +
      'powered, so a phone or a turntable is all that is missing. Voices sound as if they were in the room, which some guests find unsettling.',
    categories: ['audio', 'home'],
    picture: {
      draw: speakers,
      setting: 'table',
      tone: backgrounds.stone,
      tints: { main: '#8a5a3a', second: '#33343a' },
    },
    variants: singleVariant('SHELF-PAIR', 34900, 15),
  },
  {
    slug: 'picnic-portable-speaker',
    title: 'Picnic Portable Speaker',
    description:
      'More sound than its size suggests, with a strap to carry it by and buttons that can be found in the dark. Sand, splashes and ' +
      'a fall from a blanket do it no harm. Plays for eighteen hours and pairs with a second one for stereo.',
    categories: ['audio', 'outdoors'],
    picture: { draw: portableSpeaker, setting: 'table', tone: backgrounds.butter, tints: { second: '#e0b06a' } },
    variants: inColours('PICNIC', 8900, { Lagoon: 66, Rust: 59, Charcoal: 71 }),
  },
  {
    slug: 'evening-turntable',
    title: 'Evening Turntable',
    description:
      'A belt-driven turntable on a heavy plinth, with a tonearm that is balanced before it is packed. A phono stage is built in, so ' +
      'it plugs into anything. It does one thing, at two speeds, beautifully.',
    categories: ['audio', 'gifts'],
    picture: {
      draw: turntable,
      setting: 'flat',
      tone: backgrounds.clay,
      tints: { main: '#9a6a40', second: '#c4512f' },
    },
    variants: variantsBy('finish', 'TURNTABLE', { Walnut: [39900, 7], Ash: [39900, 3] }),
  },
  {
    slug: 'breakfast-radio',
    title: 'Breakfast Radio',
    description:
      'A kitchen radio with one large knob, four stations of your choice and a dial that glows like toast. FM, digital and internet ' +
      'radio behind the same needle. The speaker is tuned for voices, so the news can be heard over the kettle.',
    categories: ['audio', 'kitchen'],
    picture: { draw: radio, setting: 'table', tone: backgrounds.peach, tints: { second: '#f3ead8' } },
    variants: inColours('RADIO', 15900, { Sage: 27, Rust: 20, Snow: 13 }),
  },
];
