import { Time } from '../../design/format.tsx';
import { formatDuration } from '../number-format.ts';
import styles from './flow.module.css';
import { StepDetails } from './step-details.tsx';
import { type Lane, lanes, type Step } from './steps.ts';

const short: Record<Lane, string> = { 'api-gateway': 'gateway', order: 'order', product: 'product' };

/** The steps as a list. Beside each is the lane of its service, and for a message an arrow between two lanes. */
export function FlowLines({ steps }: { steps: readonly Step[] }) {
  const start = steps[0]?.at ?? 0;
  return (
    <div className={styles.flow}>
      <div className={styles.laneNames} aria-hidden="true">
        {lanes.map((lane) => (
          <span key={lane}>{short[lane]}</span>
        ))}
      </div>
      <ol className={styles.steps}>
        {steps.map((step) => (
          <li key={step.key} className={styles.step} data-kind={step.kind}>
            <span className={styles.time}>
              <Time at={new Date(step.at).toISOString()} show="second" />
              <span className={styles.since}>+{formatDuration(Math.max(0, step.at - start))}</span>
            </span>
            <Lanes step={step} />
            <div className={styles.what}>
              <span className={styles.lane}>
                {step.kind === 'message' && step.to ? `${short[step.lane]} to ${short[step.to]}` : short[step.lane]}
                <span className="visually-hidden">:</span>
              </span>
              <StepDetails step={step} />
            </div>
          </li>
        ))}
      </ol>
    </div>
  );
}

/** Positions are in thirds, since there are three lanes. */
function Lanes({ step }: { step: Step }) {
  const from = lanes.indexOf(step.lane);
  const to = step.kind === 'message' && step.to ? lanes.indexOf(step.to) : from;
  const middle = (lane: number) => `${((lane + 0.5) / lanes.length) * 100}%`;
  const left = Math.min(from, to);
  return (
    <span className={styles.lanes} aria-hidden="true">
      {from !== to && (
        <span
          className={`${styles.arrow} ${to > from ? styles.onward : styles.back}`}
          style={{ insetInlineStart: middle(left), inlineSize: `${(Math.abs(to - from) / lanes.length) * 100}%` }}
        />
      )}
      <span className={styles.dot} style={{ insetInlineStart: middle(from) }} />
    </span>
  );
}
