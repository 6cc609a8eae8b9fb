import { sharedClockMs } from './paced-events.ts';

/** An event's number, and when it had its effect, by the clock that all processes share. */
export type Arrival = readonly [number: number, atMs: number];

/** What a process of the benchmark tells the one that started it. */
export type Told =
  | { readonly arrivals: readonly Arrival[] }
  | { readonly usedMs: number }
  | { readonly ready: true };

const TELL_EVERY_MS = 100;

/** Collects what arrives in a process, and tells it to whoever started that now and then. */
export class Arrivals {
  #noted: Arrival[] = [];

  constructor() {
    setInterval(() => this.#tell(), TELL_EVERY_MS).unref();
    answerQuestions();
  }

  note(number: number): void {
    this.#noted.push([number, sharedClockMs()]);
  }

  #tell(): void {
    if (this.#noted.length > 0) tell({ arrivals: this.#noted });
    this.#noted = [];
  }
}

/** Answers each message with the processor's time that this process has used. */
export function answerQuestions(): void {
  process.on('message', () => {
    const { user, system } = process.cpuUsage();
    tell({ usedMs: (user + system) / 1e3 });
  });
}

export function tell(told: Told): void {
  process.send?.(told);
}
