import { useState } from 'react';
import styles from './products.module.css';

/** A small picture, or a placeholder where there is none or it cannot be loaded. */
export function Thumb({ url, instead }: { url: string | undefined; instead: string | number }) {
  const [failed, setFailed] = useState('');
  return (
    <span className={styles.thumb} aria-hidden="true">
      {url === undefined || failed === url ? (
        instead
      ) : (
        <img src={url} alt="" width={56} height={56} loading="lazy" onError={() => setFailed(url)} />
      )}
    </span>
  );
}
