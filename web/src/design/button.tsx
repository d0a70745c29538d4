import type { ButtonHTMLAttributes, MouseEvent } from 'react';
import { Link } from 'wouter';
import styles from './button.module.css';

type ButtonStyle = {
  /** One primary button for each view at the most; `icon` shows a picture only and needs an `aria-label`. */
  kind?: 'primary' | 'secondary' | 'quiet' | 'danger' | 'icon';
  /** As wide as what it stands in. */
  wide?: boolean;
};

type ButtonProps = ButtonHTMLAttributes<HTMLButtonElement> &
  ButtonStyle & {
    /** Its work is under way: it stays where it is, keeps the focus, and does nothing more. */
    busy?: boolean;
  };

const classes = ({ kind = 'secondary', wide }: ButtonStyle) =>
  `${styles.button} ${styles[kind]} ${wide ? styles.wide : ''}`;

export function Button({ kind, wide = false, busy = false, onClick, type = 'button', ...rest }: ButtonProps) {
  const click = (event: MouseEvent<HTMLButtonElement>) => {
    if (busy) event.preventDefault();
    else onClick?.(event);
  };
  return (
    <button
      type={type}
      className={classes({ ...(kind && { kind }), wide })}
      aria-disabled={busy || undefined}
      aria-busy={busy || undefined}
      onClick={click}
      {...rest}
    />
  );
}

/** A link that looks like a button: it goes somewhere, a button does something. */
export function LinkButton({
  kind,
  wide = false,
  href,
  children,
}: ButtonStyle & { href: string; children: React.ReactNode }) {
  return (
    <Link href={href} className={classes({ ...(kind && { kind }), wide })}>
      {children}
    </Link>
  );
}
