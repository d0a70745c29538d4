/** A line as far as its price depends on it. */
export type PricingLine = {
  sku: string;
  productId: string;
  quantity: number;
  /** Minor units. */
  unitPrice: number;
  categories: readonly string[];
  taxClass: string;
  weightGrams: number;
  /** Nothing is sent. */
  digital: boolean;
};

/** What is left to pay of each line, in minor units, in the order of the lines. */
export type Amounts = readonly number[];

export const sumAmounts = (amounts: Amounts): number => amounts.reduce((sum, amount) => sum + amount, 0);
