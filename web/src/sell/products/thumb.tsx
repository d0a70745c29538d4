import { useState } from 'react';
import styles from './products.module.css';

/** A small picture, or what stands for it: where there is none, or it is of a host that the shop may not show. */
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
