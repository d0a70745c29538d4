import buttonStyles from '../../design/button.module.css';
import { Button } from '../../design/button.tsx';
import { Notice } from '../../design/notice.tsx';
import { toast } from '../../design/toast.tsx';
import styles from './security.module.css';

/** Recovery codes, which are shown this once. */
export function RecoveryCodes({ codes, onDone }: { codes: readonly string[]; onDone: () => void }) {
  const text = codes.join('\n');
  const copy = () => {
    navigator.clipboard.writeText(text).then(
      () => toast('Copied the recovery codes'),
      () => toast('The browser did not allow copying: save the file, or write them down'),
    );
  };
  return (
    <div className={styles.steps}>
      <Notice tone="warn" title="Keep these recovery codes">
        <p>
          Each signs you in once, in place of the app: keep them where you find them without your telephone. They are
          not shown again.
        </p>
      </Notice>
      <ul className={styles.codes}>
        {codes.map((code) => (
          <li key={code}>
            <code>{code}</code>
          </li>
        ))}
      </ul>
      <div className={styles.actions}>
        <Button onClick={copy}>Copy</Button>
        <a
          className={`${buttonStyles.button} ${buttonStyles.secondary}`}
          href={`data:text/plain;charset=utf-8,${encodeURIComponent(`${text}\n`)}`}
          download={`recovery-codes-${location.hostname}.txt`}
        >
          Save as a file
        </a>
        <Button kind="primary" onClick={onDone}>
          I have kept them
        </Button>
      </div>
    </div>
  );
}
