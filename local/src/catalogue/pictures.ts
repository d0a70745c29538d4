import { drawPicture } from '../pictures/product-picture.ts';
import { type Colour, colours, type DemoProduct } from './product.ts';

/** A picture of a product: the file's name, the text, and what it says to whoever cannot see it. */
export type ProductPicture = { file: string; alt: string; colour: Colour | undefined; svg(): string };

/** A product that comes in several colours has one picture of each; the first is named for the product alone. */
export function picturesOf(product: DemoProduct): ProductPicture[] {
  const choices = coloursOf(product);
  if (choices.length === 0) return [pictureIn(product, undefined, `${product.slug}.svg`)];
  return choices.map((colour, index) =>
    pictureIn(product, colour, index === 0 ? `${product.slug}.svg` : `${product.slug}-${colour.toLowerCase()}.svg`),
  );
}

function pictureIn(product: DemoProduct, colour: Colour | undefined, file: string): ProductPicture {
  const { draw, setting, tone, tints } = product.picture;
  const alt = colour === undefined ? product.title : `${product.title} in ${colour.toLowerCase()}`;
  const main = colour === undefined ? tints.main : colours[colour];
  const { second = colours.Oat, third = colours.Sage } = tints;
  return {
    file,
    alt,
    colour,
    svg: () => drawPicture({ setting, tone, draw, tints: { main: main ?? colours.Sand, second, third }, title: alt }),
  };
}

/** The colours that it comes in, each once, in the order of its variants. */
function coloursOf(product: DemoProduct): Colour[] {
  const names = new Set(product.variants.map((variant) => variant.attributes.colour));
  return [...names].filter((name): name is Colour => name !== undefined && Object.hasOwn(colours, name));
}
