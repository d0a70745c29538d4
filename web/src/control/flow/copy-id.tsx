import { toast } from '../../design/toast.tsx';
import styles from './flow.module.css';

/** An id that can be taken along, to a log or a tracing tool; as much of it is shown as tells it from its neighbours. */
export function CopyId({ what, id }: { what: string; id: string }) {
  const copy = () => {
    navigator.clipboard.writeText(id).then(
      () => toast(`Copied the ${what} id`),
      () => toast(`The browser did not let it be copied: ${id}`),
    );
  };
  return (
    <button type="button" className={styles.copy} onClick={copy} title={id}>
      <span className="visually-hidden">Copy the id of the </span>
      {what} <code>…{id.slice(-6)}</code>
    </button>
  );
}
