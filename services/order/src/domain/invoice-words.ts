import type { Locale } from '@tradepost/contracts/locales';

/** What a document says in words of its own language; pages have the rest. */
type InvoiceWords = { noTax: string; orderCancelled: string };

const words: Record<Locale, InvoiceWords> = {
  en: { noTax: 'No tax', orderCancelled: 'The order was cancelled' },
  de: { noTax: 'Ohne Steuer', orderCancelled: 'Die Bestellung wurde storniert' },
  fr: { noTax: 'Sans taxe', orderCancelled: 'La commande a été annulée' },
  es: { noTax: 'Sin impuestos', orderCancelled: 'El pedido se ha cancelado' },
};

export const invoiceWords = (locale: Locale | undefined): InvoiceWords => words[locale ?? 'en'];
