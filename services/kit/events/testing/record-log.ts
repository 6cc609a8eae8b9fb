import type { OutgoingRecord, Publisher } from '../publisher.ts';

/** A publisher that keeps what it is sent, in the order of a log; `before` may wait or throw. */
export class RecordLog implements Publisher {
  readonly records: OutgoingRecord[] = [];
  /** Runs before records are kept. */
  before: () => Promise<void> | void = () => undefined;
  /** Runs after records are kept, before the relay hears of it. */
  after: () => Promise<void> | void = () => undefined;

  async publish(records: readonly OutgoingRecord[]): Promise<void> {
    await this.before();
    this.records.push(...records);
    await this.after();
  }

  /** The ids of one key's events, each where it first appears. */
  idsOf(key: string): readonly string[] {
    const ids = this.records
      .filter((record) => record.key?.toString() === key)
      .map(({ headers }) => String(headers['ce_id']));
    return [...new Set(ids)];
  }
}
