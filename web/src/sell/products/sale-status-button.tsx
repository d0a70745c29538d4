import { useState } from 'react';
import { Button } from '../../design/button.tsx';
import { Dialog } from '../../design/dialog.tsx';
import type { Product } from '../queries.ts';
import styles from './sale-status.module.css';

/** Takes a product off sale, after a question that says what that does, or puts it back on sale. */
export function SaleStatusButton({
  product,
  busy,
  onToggle,
}: {
  product: Product;
  busy: boolean;
  onToggle: () => void;
}) {
  const [asking, setAsking] = useState(false);
  if (product.status === 'archived') {
    return (
      <Button busy={busy} onClick={onToggle}>
        Put back on sale
      </Button>
    );
  }
  const takeOff = () => {
    setAsking(false);
    onToggle();
  };
  return (
    <>
      <Button busy={busy} onClick={() => setAsking(true)}>
        Take off sale
      </Button>
      <Dialog title={`Take “${product.title}” off sale?`} open={asking} onOpenChange={setAsking}>
        <div className={styles.question}>
          <p>
            Shoppers can no longer see or order it ({stockText(product)}). Orders that were already placed are not
            affected. You can put it back on sale later.
          </p>
          <div className={styles.actions}>
            <Button kind="danger" onClick={takeOff}>
              Take off sale
            </Button>
            <Button onClick={() => setAsking(false)}>Cancel</Button>
          </div>
        </div>
      </Dialog>
    </>
  );
}

function stockText({ variants }: Product): string {
  const units = variants.reduce((sum, { available }) => sum + available, 0);
  const count = variants.length === 1 ? '1 variant' : `${variants.length} variants`;
  return `${count}, ${units} ${units === 1 ? 'unit' : 'units'} available`;
}
