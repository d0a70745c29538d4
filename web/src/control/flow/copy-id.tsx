import { toast } from '../../design/toast.tsx';
import styles from './flow.module.css';

/** A button that copies an id, for a search in logs or a tracing tool. It shows the end of the id. */
export function CopyId({ what, id }: { what: string; id: string }) {
  const copy = () => {
    navigator.clipboard.writeText(id).then(
      () => toast(`Copied the ${what} id`),
      () => toast(`The browser did not allow copying: ${id}`),
    );
  };
  return (
    <button type="button" className={styles.copy} onClick={copy} title={id}>
      <span className="visually-hidden">Copy the id of the </span>
      {what} <code>…{id.slice(-6)}</code>
    </button>
  );
}
