import { createHash } from 'node:crypto';
import { CodedError } from '@meridian/language/coded-error.ts';

/** Numbers of its settings. */
export interface PagerSettings {
  /** Of a hundred events, how many are answered 429: too many at a time. */
  readonly throttledPercent: number;
  /** Of a hundred events, how many are answered 500. */
  readonly failingPercent: number;
  /** Seconds after which a heartbeat that does not come again is an incident. */
  readonly heartbeatSeconds: number;
  /** What is drawn follows from it. */
  readonly seed: number;
}

/** Now and then, as a pager under load: who sends must come again. */
const DEFAULTS: PagerSettings = {
  throttledPercent: 5,
  failingPercent: 5,
  heartbeatSeconds: 45,
  seed: 1,
};

/** The numbers of a configuration, with the defaults of those that it leaves out. Throws a CodedError. */
export function readPagerSettings(given: Readonly<Record<string, number>>): PagerSettings {
  const known = Object.keys(DEFAULTS).join(', ');
  const problems = [
    ...Object.keys(given)
      .filter((name) => !(name in DEFAULTS))
      .map((name) => `'${name}' must be one of ${known}`),
    ...Object.entries(given)
      .filter(([name, value]) => name.endsWith('Percent') && value > 100)
      .map(([name, value]) => `${name} must be 0 to 100, got ${value}`),
    ...(given['heartbeatSeconds'] === 0 ? ['heartbeatSeconds must be 1 or more, got 0'] : []),
  ];
  if (problems.length === 0) return { ...DEFAULTS, ...given };
  throw new CodedError('KIT_CONFIGURATION', `Behaviour of the stand-in: ${problems.join('; ')}`);
}

/** Draws what becomes of one event: undefined where it is taken. */
export class Trouble {
  readonly #settings: PagerSettings;
  #drawn = 0;

  constructor(settings: PagerSettings) {
    this.#settings = settings;
  }

  draw(): 429 | 500 | undefined {
    const { throttledPercent, failingPercent } = this.#settings;
    const share = this.#next() * 100;
    if (share < throttledPercent) return 429;
    return share < throttledPercent + failingPercent ? 500 : undefined;
  }

  /** A number in [0, 1) that the seed repeats. */
  #next(): number {
    this.#drawn += 1;
    const digest = createHash('sha256').update(`${this.#settings.seed} ${this.#drawn}`).digest();
    return digest.readUInt32BE(0) / 2 ** 32;
  }
}
