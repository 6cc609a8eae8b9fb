import { create, toBinary } from '@bufbuild/protobuf';
import type { DescMessage, MessageInitShape } from '@bufbuild/protobuf';
import type { BaselineStateSchema } from '../contract/gen/meridian/audit/v1/audit_pb.js';
import { reconcile } from '../reconciliation/findings.ts';
import type { ReconcileOptions } from '../reconciliation/findings.ts';
import type { PlacedRow } from '../reconciliation/rows.ts';

/** An aggregate's state to be entered. */
export type EnteredState = MessageInitShape<typeof BaselineStateSchema> & {
  readonly data: Uint8Array;
};

/** What came of it. */
export interface BaselineOutcome {
  /** Aggregates whose history lacks its beginning. */
  readonly headless: readonly {
    readonly service: string;
    readonly kind: string;
    readonly aggregates: number;
  }[];
  /** Entries that are new. */
  readonly entered: number;
}

/** What a run works with. */
export interface BaselineOptions extends Omit<ReconcileOptions, 'suspect'> {
  /** Enters some, and says how many of them were not there yet. @default they are only counted */
  readonly enter?: (states: readonly EnteredState[]) => Promise<number>;
}

/** As many as one call takes, and as many bytes as its message has at most, with room for one more. */
const BATCH_MAX = 100;
const BATCH_BYTES_MAX = 2 * 1024 * 1024;

/** Enters what each aggregate is now whose history in the trail lacks its beginning. */
export async function enterBaseline(options: BaselineOptions): Promise<BaselineOutcome> {
  const { enter, ...rest } = options;
  const headless = new Map<string, { service: string; kind: string; aggregates: number }>();
  let batch: EnteredState[] = [];
  let [bytes, entered] = [0, 0];
  const flush = async (): Promise<void> => {
    if (batch.length > 0) entered += (await enter?.(batch)) ?? 0;
    [batch, bytes] = [[], 0];
  };
  await reconcile({
    ...rest,
    suspect: async (suspect, source) => {
      const { headless: isHeadless, row } = suspect;
      if (!isHeadless || row === undefined) return;
      const { service, name: kind } = row.kind;
      const tally = headless.get(kind) ?? { service, kind, aggregates: 0 };
      headless.set(kind, { ...tally, aggregates: tally.aggregates + 1 });
      const state = enteredState(source, row);
      batch.push(state);
      bytes += state.data.length;
      if (batch.length >= BATCH_MAX || bytes >= BATCH_BYTES_MAX) await flush();
    },
  });
  await flush();
  return { headless: [...headless.values()], entered };
}

/** A row in the form of the event that would tell it. */
function enteredState(source: string, { kind, subject, version, state }: PlacedRow): EnteredState {
  const { baseline, folded, state: schema } = kind;
  const field = baseline.fields.find(({ message }) => message === schema);
  // An event that is folded has the fields of the state themselves.
  const content = folded ? { ...state } : { [field?.localName ?? '']: state };
  const data = toBinary(baseline, create(baseline, content as MessageInitShape<DescMessage>));
  return { source, subject, version, type: baseline.typeName, data };
}
