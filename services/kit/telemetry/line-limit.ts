/** So many lines of a level and a message are written in a second; of those beyond, one of so many. */
export interface LineLimitProps {
  readonly perSecond: number;
  readonly thenOneIn: number;
  /** Milliseconds of a clock that does not go back. @default performance.now */
  readonly now?: () => number;
  /** Told of each line that is not written, by its level. @default nobody */
  readonly dropped?: (level: number) => void;
}

/** More than any replica writes that is well, and a thousand times less than a disk bears. */
export const LINE_LIMIT = { perSecond: 1_000, thenOneIn: 100 } as const;

const SECOND_MS = 1_000;
/** Messages of a second that have room of their own; those beyond share what one has. */
const MOST_MESSAGES = 500;

/**
 * Thins out a flood of log lines: of one message the first of a second are written, then one of so many. Neither a level
 * nor a message takes another's room: a flood of calls does not hide that a certificate was renewed. Source: zap,
 * "Sampler".
 */
export class LineLimit {
  readonly #props: LineLimitProps;
  readonly #now: () => number;
  readonly #counts = new Map<string, number>();
  #since = Number.NEGATIVE_INFINITY;

  constructor(props: LineLimitProps = LINE_LIMIT) {
    this.#props = props;
    this.#now = props.now ?? (() => performance.now());
  }

  /** Whether a line is written. */
  admits(level: number, message: string): boolean {
    const now = this.#now();
    if (now - this.#since >= SECOND_MS) {
      this.#since = now;
      this.#counts.clear();
    }
    const count = this.#count(level, message);
    const { perSecond, thenOneIn, dropped } = this.#props;
    const isWritten = count <= perSecond || (count - perSecond) % thenOneIn === 0;
    if (!isWritten) dropped?.(level);
    return isWritten;
  }

  /** How many lines like this one there were in this second, with it. */
  #count(level: number, message: string): number {
    const own = `${level} ${message}`;
    const isKnown = this.#counts.size < MOST_MESSAGES || this.#counts.has(own);
    const counted = isKnown ? own : `${level}`;
    const count = (this.#counts.get(counted) ?? 0) + 1;
    this.#counts.set(counted, count);
    return count;
  }
}
