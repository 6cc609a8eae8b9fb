/** So many lines of a level are written in a second; of those beyond, one of so many. */
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

/**
 * Thins out a flood of log lines: the first of a second are written, then one of so many. A level does not take another's
 * room. Source: zap, "Sampler".
 */
export class LineLimit {
  readonly #props: LineLimitProps;
  readonly #now: () => number;
  readonly #counts = new Map<number, number>();
  #since = Number.NEGATIVE_INFINITY;

  constructor(props: LineLimitProps = LINE_LIMIT) {
    this.#props = props;
    this.#now = props.now ?? (() => performance.now());
  }

  /** Whether a line of a level is written. */
  admits(level: number): boolean {
    const now = this.#now();
    if (now - this.#since >= SECOND_MS) {
      this.#since = now;
      this.#counts.clear();
    }
    const count = (this.#counts.get(level) ?? 0) + 1;
    this.#counts.set(level, count);
    const { perSecond, thenOneIn, dropped } = this.#props;
    const isWritten = count <= perSecond || (count - perSecond) % thenOneIn === 0;
    if (!isWritten) dropped?.(level);
    return isWritten;
  }
}
