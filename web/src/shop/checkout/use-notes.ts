import { useState } from 'react';
import { fieldError } from '../../api/problem.ts';

const empty = { note: '', isGift: false, giftNote: '' };
export type NotesDraft = typeof empty;

/** The notes of an order, as they are being written. */
export function useNotes() {
  const [draft, setDraft] = useState(empty);
  const [problem, setProblem] = useState<string>();
  const note = draft.note.trim();
  const giftNote = draft.isGift ? draft.giftNote.trim() : '';
  return {
    sent: { ...(note !== '' && { note }), ...(giftNote !== '' && { giftNote }) },
    check(): string | undefined {
      const found = draft.isGift && giftNote === '' ? 'Write a few words, or uncheck that it is a gift' : undefined;
      setProblem(found);
      return found && 'giftNote';
    },
    fields: (error: unknown) => ({
      draft,
      onChange: (changes: Partial<NotesDraft>) => setDraft((last) => ({ ...last, ...changes })),
      errors: { note: fieldError(error, '/note'), giftNote: problem ?? fieldError(error, '/giftNote') },
    }),
  };
}
