import { TextArea } from '../../design/field.tsx';
import styles from './checkout.module.css';
import type { NotesDraft } from './use-notes.ts';

type NoteFieldsProps = {
  draft: NotesDraft;
  onChange: (changes: Partial<NotesDraft>) => void;
  errors: { note: string | undefined; giftNote: string | undefined };
};

/** Notes for whoever packs and brings the order, and for whoever gets it as a gift. */
export function NoteFields({ draft: { note, isGift, giftNote }, onChange, errors }: NoteFieldsProps) {
  return (
    <fieldset>
      <legend className={styles.legend}>Notes</legend>
      <div className={styles.address}>
        <TextArea
          label="Delivery note"
          name="note"
          rows={2}
          required={false}
          maxLength={1000}
          hint="For the shop and the carrier"
          value={note}
          error={errors.note}
          onChange={({ target }) => onChange({ note: target.value })}
        />
        <label className={styles.keep}>
          <input type="checkbox" checked={isGift} onChange={({ target }) => onChange({ isGift: target.checked })} />
          This is a gift
        </label>
        {isGift && (
          <TextArea
            label="Gift note"
            name="giftNote"
            rows={3}
            required
            maxLength={500}
            hint="It is put into the parcel, which has no prices in it"
            value={giftNote}
            error={errors.giftNote}
            onChange={({ target }) => onChange({ giftNote: target.value })}
          />
        )}
      </div>
    </fieldset>
  );
}
