/** A coupon code as it is stored and compared: in capital letters, without spaces around it. */
export const normalizeCouponCode = (code: string): string => code.trim().toUpperCase();
