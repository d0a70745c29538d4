import { addressText, type SavedAddress } from '../../api/addresses.ts';
import type { AddressErrors, Draft } from '../addresses/address.ts';
import { AddressForm } from '../addresses/address-form.tsx';
import styles from './checkout.module.css';

/** The chosen saved address; undefined: a new address. */
export type ChosenAddress = SavedAddress | undefined;

type EnteredAddress = {
  draft: Draft;
  errors: AddressErrors;
  onChange: (draft: Draft) => void;
  /** Whether it is to be kept; undefined for a guest, who has no saved addresses. */
  keeping: { kept: boolean; onKeep: (kept: boolean) => void } | undefined;
};

/** The choice of a shipping address: a saved one, or a new one that may be saved. */
export function ShippingAddressChoice({
  saved,
  chosen,
  onChoose,
  refusal,
  written,
}: {
  saved: readonly SavedAddress[];
  chosen: ChosenAddress;
  onChoose: (chosen: ChosenAddress) => void;
  /** Why nothing can be sent to the address, where that is so. */
  refusal: string | undefined;
  written: EnteredAddress;
}) {
  return (
    <>
      {saved.length > 0 && (
        <fieldset className={styles.section}>
          <legend className={styles.legend}>Where to</legend>
          <div className={styles.means}>
            {saved.map((one) => (
              <AddressOption key={one.id} checked={chosen?.id === one.id} onChoose={() => onChoose(one)}>
                <strong dir="auto">{one.address.name}</strong>
                <span className={styles.soft} dir="auto">
                  {addressText(one.address)}
                </span>
              </AddressOption>
            ))}
            <AddressOption checked={!chosen} onChoose={() => onChoose(undefined)}>
              <strong>Another address</strong>
            </AddressOption>
          </div>
          {chosen && refusal && (
            <p className={styles.problem} role="alert">
              {refusal}. Choose another address.
            </p>
          )}
        </fieldset>
      )}
      {!chosen && <NewAddress legend={saved.length > 0 ? 'The other address' : 'Where to'} {...written} />}
    </>
  );
}

function NewAddress({ legend, draft, errors, onChange, keeping }: EnteredAddress & { legend: string }) {
  return (
    <div className={styles.address}>
      <AddressForm legend={legend} draft={draft} errors={errors} onChange={onChange} />
      {keeping && (
        <label className={styles.keep}>
          <input type="checkbox" checked={keeping.kept} onChange={({ target }) => keeping.onKeep(target.checked)} />
          Keep this address for next time
        </label>
      )}
    </div>
  );
}

function AddressOption({
  checked,
  onChoose,
  children,
}: {
  checked: boolean;
  onChoose: () => void;
  children: React.ReactNode;
}) {
  return (
    <label className={styles.mean}>
      <input type="radio" name="where" checked={checked} onChange={onChoose} />
      <span>{children}</span>
    </label>
  );
}
