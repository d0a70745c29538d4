/** Most characters of a phrase that the API takes. */
const MAX_PHRASE = 200;

/**
 * What was typed, such that whoever means the same asks for the same address, which the gateway may answer from its cache. A search makes
 * no difference between these spellings either.
 */
export function normalizedPhrase(typed: string): string {
  const words = typed.normalize('NFKC').toLowerCase().split(/\s+/u).filter(Boolean).join(' ');
  // Whole characters: half of one cannot be sent.
  return [...words.toWellFormed()].slice(0, MAX_PHRASE).join('').trim();
}

/** Whether it is worth a request: one letter says little, where it is not a whole word as in Chinese. */
export const isWorthSuggestions = (phrase: string): boolean => phrase.length > 1 || /\p{Ideographic}/u.test(phrase);
