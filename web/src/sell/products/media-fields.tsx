import { Button } from '../../design/button.tsx';
import { TextField } from '../../design/field.tsx';
import { CrossIcon } from '../../design/icons.tsx';
import { MEDIA_AT_MOST, type MediaItem, mediaOf } from '../draft.ts';
import styles from './products.module.css';
import { Thumb } from './thumb.tsx';

/** The API's own rule for paths, so that a preview requests nothing else. */
const PREVIEWABLE = /^\/media\/[\w./~-]+$/;

/** The pictures of a product: a URL and an alternative text each. Lists show the first one. */
export function MediaFields({
  value,
  error,
  onChange,
}: {
  value: string | undefined;
  error: string | undefined;
  onChange: (text: string) => void;
}) {
  const media = mediaOf(value);
  const set = (next: MediaItem[]) => onChange(JSON.stringify(next));
  const change = (at: number, item: MediaItem) => set(media.map((one, index) => (index === at ? item : one)));
  return (
    <fieldset className={styles.variants}>
      <legend className={styles.legend}>Pictures{error && `: ${error}`}</legend>
      {media.map(({ url, alt }, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a row has no other identity than its place while its texts are typed.
        <div className={styles.mediaRow} key={index}>
          <Thumb url={PREVIEWABLE.test(url) ? url : undefined} instead={index + 1} />
          <TextField
            label={`URL of picture ${index + 1}`}
            value={url}
            placeholder="/media/mug-blue.svg or https://…"
            onChange={({ currentTarget }) => change(index, { url: currentTarget.value, alt })}
          />
          <TextField
            label={`Alternative text of picture ${index + 1}`}
            value={alt}
            maxLength={300}
            onChange={({ currentTarget }) => change(index, { url, alt: currentTarget.value })}
          />
          <Button
            kind="icon"
            aria-label={`Remove picture ${index + 1}`}
            onClick={() => set(media.filter((_, at) => at !== index))}
          >
            <CrossIcon />
          </Button>
        </div>
      ))}
      {media.length < MEDIA_AT_MOST && (
        <div>
          <Button onClick={() => set([...media, { url: '', alt: '' }])}>Add picture</Button>
        </div>
      )}
    </fieldset>
  );
}
