import { styleText } from 'node:util';

export type Progress = {
  /** Runs a step and writes a line about it; `note` tells what is going on, and in the end what came of it. */
  step<T>(name: string, work: (note: (text: string) => void) => Promise<T>): Promise<T>;
};

const FRAMES = ['⠋', '⠙', '⠹', '⠸', '⠼', '⠴', '⠦', '⠧', '⠇', '⠏'];
const FRAME_MS = 90;
const NAME_WIDTH = 16;
/** How often a step that takes long is mentioned where there is no terminal to draw on. */
const MENTION_MS = 15_000;

/** Tells what is being done: on a terminal as it goes on, elsewhere with one plain line for each step that is done, and for one that takes long. */
export function createProgress(out: NodeJS.WriteStream): Progress {
  const live = out.isTTY && process.platform !== 'win32' && (out.columns ?? 80) >= 40;
  const mark = (text: string, colour: 'green' | 'red' | 'cyan') => styleText(colour, text, { stream: out });
  const since = (start: number) => `${((performance.now() - start) / 1000).toFixed(1)} s`;

  function line(sign: string, name: string, note: string, start: number): string {
    const text = `${name.padEnd(NAME_WIDTH)} ${note}`;
    const width = live ? (out.columns ?? 80) - 14 : 66;
    return `${sign} ${live ? text.slice(0, width).padEnd(width) : text.padEnd(width)} ${since(start).padStart(7)}`;
  }

  return {
    async step(name, work) {
      const start = performance.now();
      let note = '';
      let frame = 0;
      const draw = () => {
        frame = (frame + 1) % FRAMES.length;
        out.write(`\r${line(mark(FRAMES[frame] ?? '·', 'cyan'), name, note, start)}`);
      };
      const mention = () => out.write(`${line('…', name, note, start)}\n`);
      const timer = setInterval(live ? draw : mention, live ? FRAME_MS : MENTION_MS).unref();
      const end = (sign: string) => {
        clearInterval(timer);
        out.write(`${live ? '\r' : ''}${line(sign, name, note, start)}\n`);
      };
      try {
        const result = await work((text) => {
          note = text;
        });
        end(mark('✓', 'green'));
        return result;
      } catch (err) {
        end(mark('✗', 'red'));
        throw err;
      }
    },
  };
}
