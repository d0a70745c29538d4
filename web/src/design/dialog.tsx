import { Dialog as Base } from '@base-ui/react/dialog';
import { type ReactNode, useState } from 'react';
import buttonStyles from './button.module.css';
import styles from './dialog.module.css';
import { CrossIcon } from './icons.tsx';
import { mayLeave, UnsavedContext } from './unsaved-changes.ts';

type DialogProps = {
  title: string;
  open: boolean;
  onOpenChange: (open: boolean) => void;
  children: ReactNode;
};

function Layer({ title, open, onOpenChange, children, shape }: DialogProps & { shape: 'dialog' | 'drawer' }) {
  const [unsaved] = useState(() => new Set<symbol>());
  return (
    <Base.Root open={open} onOpenChange={(next) => (next || mayLeave(unsaved)) && onOpenChange(next)}>
      <Base.Portal>
        <Base.Backdrop className={styles.backdrop ?? ''} />
        <Base.Popup className={styles[shape] ?? ''}>
          <div className={styles.head}>
            <Base.Title className={styles.title ?? ''}>{title}</Base.Title>
            <Base.Close className={`${buttonStyles.button} ${buttonStyles.icon}`} aria-label="Close">
              <CrossIcon />
            </Base.Close>
          </div>
          <div className={styles.body}>
            <UnsavedContext value={unsaved}>{children}</UnsavedContext>
          </div>
        </Base.Popup>
      </Base.Portal>
    </Base.Root>
  );
}

/** A question or a form in front of the page: holds the focus, closes with Escape, and gives the focus back. It asks before what is unsaved is lost. */
export function Dialog(props: DialogProps) {
  return <Layer {...props} shape="dialog" />;
}

/** The same, from the side at which lines end. */
export function Drawer(props: DialogProps) {
  return <Layer {...props} shape="drawer" />;
}
