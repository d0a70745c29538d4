import { useState } from 'react';
import styles from './picture.module.css';

type Media = { url: string; alt: string };

/** A square picture of a product, or its initial where there is none or it does not come. Its place is kept meanwhile. */
export function Picture({
  media,
  title,
  size,
  eager = false,
}: {
  media: Media | undefined;
  title: string;
  /** Of its sides, in CSS pixels: about how large it is shown. */
  size: number;
  /** It is seen at once, and is to be loaded before the others. */
  eager?: boolean;
}) {
  const [failed, setFailed] = useState('');
  if (!media || failed === media.url) {
    return (
      <span className={styles.missing} aria-hidden="true">
        {firstLetter(title)}
      </span>
    );
  }
  return (
    <img
      className={styles.picture}
      src={media.url}
      alt={media.alt}
      width={size}
      height={size}
      loading={eager ? 'eager' : 'lazy'}
      fetchPriority={eager ? 'high' : 'auto'}
      decoding={eager ? 'sync' : 'async'}
      onError={() => setFailed(media.url)}
    />
  );
}

/** The first character as people see it: an emoji may be several code points. */
const firstLetter = (title: string): string => [...new Intl.Segmenter().segment(title)][0]?.segment ?? '';
