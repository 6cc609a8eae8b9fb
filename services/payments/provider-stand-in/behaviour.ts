import { createHash } from 'node:crypto';

/** What the stand-in does about one request. */
export interface Behaviour {
  /** The code that it refuses with; absent when it does what it is asked. */
  readonly declineCode?: string;
  readonly trouble?: Trouble;
  /** @default 'once' */
  readonly webhook?: 'twice' | 'never' | 'early';
}

/**
 * `timeout`: does it and never answers. `timeout_lost`: loses the first request under a key, as a broken
 * connection would, and does it when it comes again. `lost`: never does it and never answers. `slow`: does
 * it and takes its time to answer. `flaky`: 503 to the first two requests under a key.
 */
export type Trouble = 'timeout' | 'timeout_lost' | 'lost' | 'slow' | 'flaky';

/** What the words of a token ask for. */
const WORDS: Readonly<Record<string, Behaviour>> = {
  ok: {},
  declined: { declineCode: 'declined' },
  insufficient_funds: { declineCode: 'insufficient_funds' },
  refused: { declineCode: 'refused' },
  timeout: { trouble: 'timeout' },
  timeout_lost: { trouble: 'timeout_lost' },
  lost: { trouble: 'lost' },
  slow: { trouble: 'slow' },
  flaky: { trouble: 'flaky' },
  duplicate: { webhook: 'twice' },
  no_webhook: { webhook: 'never' },
  early_webhook: { webhook: 'early' },
};

/** Longer words first, since some begin with others. */
const BY_LENGTH = Object.keys(WORDS).toSorted((one, other) => other.length - one.length);

/** What can be asked of the stand-in. */
export const OPERATIONS = ['authorize', 'capture', 'void', 'refund'] as const;
export type OperationKind = (typeof OPERATIONS)[number];

/**
 * What a token asks for: `tok_<word>` of the authorisation, such as `tok_timeout` or `tok_ok-17`, and
 * `_<operation>_<word>` after it of what follows, such as `tok_ok_capture_timeout`. Undefined for a token
 * that is none.
 */
export function behaviourOf(token: string, kind: OperationKind): Behaviour | undefined {
  if (!token.startsWith('tok_')) return undefined;
  const first = wordAt(token.slice('tok_'.length));
  if (first === undefined || kind === 'authorize') return first;
  const place = token.indexOf(`_${kind}_`);
  return place === -1 ? {} : (wordAt(token.slice(place + kind.length + 2)) ?? {});
}

function wordAt(text: string): Behaviour | undefined {
  const word = BY_LENGTH.find(
    (candidate) => text.startsWith(candidate) && !/^[a-z]/.test(text.slice(candidate.length)),
  );
  return word === undefined ? undefined : WORDS[word];
}

/** How often it misbehaves without being asked to, for load: of a hundred requests, and milliseconds. */
export interface Chances {
  readonly declinePercent: number;
  readonly timeoutPercent: number;
  readonly lostPercent: number;
  readonly duplicatePercent: number;
  /** Mean of an exponential distribution. */
  readonly latencyMs: number;
  /** How long what is slow takes. */
  readonly slowMs: number;
  readonly seed: number;
}

export const DEFAULT_CHANCES: Chances = {
  declinePercent: 0,
  timeoutPercent: 0,
  lostPercent: 0,
  duplicatePercent: 0,
  latencyMs: 0,
  slowMs: 3_000,
  seed: 1,
};

/** What is drawn for a request whose token asks for nothing in particular. */
export function drawBehaviour(
  chances: Chances,
  kind: OperationKind,
  random: () => number,
): Behaviour {
  const draw = (percent: number): boolean => random() * 100 < percent;
  const declined = draw(chances.declinePercent) && kind === 'authorize';
  const [timeout, lost] = [draw(chances.timeoutPercent), draw(chances.lostPercent)];
  return {
    ...(declined ? { declineCode: 'declined' } : {}),
    ...(lost ? { trouble: 'timeout_lost' } : timeout ? { trouble: 'timeout' } : {}),
    ...(draw(chances.duplicatePercent) ? { webhook: 'twice' } : {}),
  };
}

/** Numbers in [0, 1) that a seed repeats. */
export function randomFrom(seed: number): () => number {
  let drawn = 0;
  return () => {
    drawn += 1;
    const digest = createHash('sha256').update(`${seed} ${drawn}`).digest();
    return digest.readUInt32BE(0) / 2 ** 32;
  };
}
