import { createHash } from 'node:crypto';
import { appendFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { isSystemError } from '@meridian/language/thrown.ts';
import type { EventPayload, Link, PagerEvent } from './event.ts';

/** What was told of one fault, from its first event until it was over. */
export interface Incident {
  readonly dedupKey: string;
  readonly status: 'triggered' | 'acknowledged' | 'resolved';
  readonly payload: EventPayload;
  readonly links: readonly Link[];
  /** How often it was triggered: once, unless somebody sent it again. */
  readonly triggers: number;
  /** When, in milliseconds since 1970. */
  readonly triggeredAt: number;
  readonly acknowledgedAt?: number;
  readonly resolvedAt?: number;
}

/** An event that was taken, and when. */
interface Taken {
  readonly at: number;
  readonly dedupKey: string;
  readonly event: Omit<PagerEvent, 'routingKey' | 'dedupKey'>;
}

/** How many are kept; older ones are forgotten, the oldest first. */
const KEPT = 1_000;

/** The incidents of all events that were taken, a line of a file each: who is started again has forgotten none. */
export class Incidents {
  readonly #file: string;
  readonly #incidents: Incident[] = [];

  constructor(file: string) {
    this.#file = file;
    mkdirSync(dirname(file), { recursive: true });
    for (const taken of readTaken(file)) this.#apply(taken);
  }

  /** All of them, the oldest first. */
  all(): readonly Incident[] {
    return this.#incidents;
  }

  /** Takes an event; gives the key by which others of the same fault are known. */
  take({ action, payload, links, dedupKey }: PagerEvent, at: number): string {
    const event = { action, links, ...(payload === undefined ? {} : { payload }) };
    const key = dedupKey ?? digestOf(`${at} ${JSON.stringify(event)}`);
    const taken: Taken = { at, dedupKey: key, event };
    appendFileSync(this.#file, `${JSON.stringify(taken)}\n`, { mode: 0o600 });
    this.#apply(taken);
    return key;
  }

  #apply({ at, dedupKey, event }: Taken): void {
    const place = this.#incidents.findLastIndex(
      (incident) => incident.dedupKey === dedupKey && incident.status !== 'resolved',
    );
    const open = this.#incidents[place];
    if (event.action === 'trigger' && event.payload !== undefined) {
      const { payload, links } = event;
      if (open !== undefined) {
        this.#incidents[place] = { ...open, payload, links, triggers: open.triggers + 1 };
        return;
      }
      this.#incidents.push({
        ...{ dedupKey, status: 'triggered', payload, links, triggers: 1, triggeredAt: at },
      });
      this.#incidents.splice(0, this.#incidents.length - KEPT);
      return;
    }
    // PagerDuty takes one for an alert that is not open, and does nothing.
    if (open === undefined) return;
    this.#incidents[place] =
      event.action === 'resolve'
        ? { ...open, status: 'resolved', resolvedAt: at }
        : { ...open, status: 'acknowledged', acknowledgedAt: at };
  }
}

/** What a file has; a line without its end was being written when its writer was killed. */
function readTaken(file: string): readonly Taken[] {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    if (isSystemError(error, 'ENOENT')) return [];
    throw error;
  }
  const whole = text.slice(0, text.lastIndexOf('\n') + 1);
  if (whole !== text) writeFileSync(file, whole, { mode: 0o600 });
  return whole
    .split('\n')
    .filter((line) => line !== '')
    .slice(-KEPT)
    .map((line) => JSON.parse(line) as Taken);
}

function digestOf(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 32);
}
