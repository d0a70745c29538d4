import { type ButtonHTMLAttributes, type MouseEvent, type RefObject, useRef } from 'react';
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
    /** Its work is under way: it stays where it is, keeps the focus, and does nothing more. A second click of a double click does nothing either. */
    busy?: boolean;
  };

const classes = ({ kind = 'secondary', wide }: ButtonStyle) =>
  `${styles.button} ${styles[kind]} ${wide ? styles.wide : ''}`;

/**
 * Marks a button as pressed until what it has started is drawn. TanStack Query tells of a mutation in a task of its own: a second click
 * that comes before would start another one.
 */
function holdUntilDrawn(pressed: RefObject<boolean>): void {
  pressed.current = true;
  setTimeout(() => {
    setTimeout(() => {
      pressed.current = false;
    });
  });
}

export function Button({ kind, wide = false, busy, onClick, type = 'button', ...rest }: ButtonProps) {
  const pressed = useRef(false);
  const click = (event: MouseEvent<HTMLButtonElement>) => {
    if (busy || pressed.current) return event.preventDefault();
    if (busy !== undefined) holdUntilDrawn(pressed);
    onClick?.(event);
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
