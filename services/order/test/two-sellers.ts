import { type Actor, openShop, type Shop, sellerId } from './shop.ts';

/** A shop with the seller of MUG, the seller of TEA, a customer and an operator. */
export async function openShopOfTwoSellers(): Promise<
  { shop: Shop } & Record<'ada' | 'mugSeller' | 'teaSeller' | 'admin', Actor>
> {
  const shop = await openShop();
  return {
    shop,
    ada: await shop.someone(),
    mugSeller: await shop.as(sellerId, 'seller'),
    teaSeller: await shop.as(shop.catalogue.products[1]?.sellerId ?? '', 'seller'),
    admin: await shop.someone('admin'),
  };
}
