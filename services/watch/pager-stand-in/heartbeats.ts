import type { Incidents } from './incidents.ts';

/** Names an incident of the heartbeat apart from those that are sent. */
const DEDUP_KEY = 'heartbeat';

/**
 * Whether whoever watches the platform is there: it says so again and again, and silence is an incident. Nothing is
 * missed before the first beat, nor after a restart until there was another.
 */
export class Heartbeats {
  readonly #incidents: Incidents;
  readonly #silenceMs: number;
  #timer: NodeJS.Timeout | undefined;
  #lastAt: number | undefined;

  constructor(incidents: Incidents, silenceSeconds: number) {
    this.#incidents = incidents;
    this.#silenceMs = silenceSeconds * 1_000;
  }

  /** When the last one came, in milliseconds since 1970; undefined before the first. */
  get lastAt(): number | undefined {
    return this.#lastAt;
  }

  /** Takes one. */
  beat(at: number): void {
    this.#lastAt = at;
    if (this.#isMissed()) {
      const resolve = {
        routingKey: '',
        action: 'resolve',
        dedupKey: DEDUP_KEY,
        links: [],
      } as const;
      this.#incidents.take(resolve, at);
    }
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#miss(), this.#silenceMs);
  }

  close(): void {
    clearTimeout(this.#timer);
  }

  #isMissed(): boolean {
    return this.#incidents
      .all()
      .some(({ dedupKey, status }) => dedupKey === DEDUP_KEY && status !== 'resolved');
  }

  #miss(): void {
    if (this.#isMissed()) return;
    const seconds = this.#silenceMs / 1_000;
    this.#incidents.take(
      {
        ...{ routingKey: '', action: 'trigger', dedupKey: DEDUP_KEY },
        payload: {
          summary: `Nobody watches the platform: its heartbeat has not come for ${seconds} seconds`,
          source: 'heartbeat',
          severity: 'critical',
          class: 'HeartbeatMissing',
          details: { runbook: 'docs/runbooks/heartbeat-missing.md' },
        },
        links: [],
      },
      Date.now(),
    );
  }
}
