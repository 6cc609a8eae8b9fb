import type { KafkaMessage } from 'kafkajs';
import type { Outcome, RecordPlace, RecordProcessor } from './record-processor.ts';

/** How far a partition got with the records that were given. */
export interface Progress {
  /** What became of the first ones, in their order; at least one unless there is a pause. */
  readonly outcomes: readonly Outcome[];
  /** After how long to come back to the record behind these; undefined to go on at once. */
  readonly againAfterMs?: number;
}

/** Handles the records of each partition in their order. */
export interface RecordHandling {
  /** How many records are given at once. */
  readonly recordsMax: number;
  /** Never throws. */
  process(messages: readonly KafkaMessage[], place: RecordPlace): Promise<Progress>;
}

/** Each record by itself, as the inbox needs it. */
export function oneByOne(processor: RecordProcessor): RecordHandling {
  return {
    recordsMax: 1,
    process: async ([message], place) => {
      if (message === undefined) return { outcomes: [] };
      const step = await processor.process(message, place);
      return step.kind === 'done'
        ? { outcomes: [step.outcome] }
        : { outcomes: [], againAfterMs: step.afterMs };
    },
  };
}
