import styles from './address-block.module.css';

/** A text of several lines as somebody has written it. */
export const MultilineText = ({ text, className = '' }: { text: string; className?: string | undefined }) => (
  <p className={`${styles.address} ${className}`}>{text}</p>
);
