import styles from './address-block.module.css';

/** An address as it is written on a parcel. Lines may be alike: there are people called Berlin who live there. */
export function AddressBlock({ lines, className = '' }: { lines: readonly string[]; className?: string | undefined }) {
  return <address className={`${styles.address} ${className}`}>{lines.join('\n')}</address>;
}
