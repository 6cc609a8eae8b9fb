import type { AuditedService, Suspect } from './reconcile.ts';
import { suspectsOf } from './reconcile.ts';
import type { Trail } from './trail.ts';

/** What does not hold, as it is printed. */
export interface Discrepancy {
  readonly service: string;
  /** Such as `order 0192…`. */
  readonly about: string;
  readonly rule: string;
  readonly found: string;
}

/** What a reconciliation found. */
export interface Findings {
  readonly kinds: readonly {
    readonly service: string;
    readonly kind: string;
    readonly aggregates: number;
    readonly entries: number;
  }[];
  /** All, of which the first are named. */
  readonly discrepancyCount: number;
  readonly discrepancies: readonly Discrepancy[];
  /** Aggregates whose history begins late or is not there, so that a baseline could stand for it. */
  readonly withoutBeginning: number;
}

/** As many as somebody reads. */
const NAMED_MAX = 1_000;

/** How often what is late is waited for, in one run. */
const WAITS_MAX = 20;

/** What a run works with. */
export interface ReconcileOptions {
  readonly services: readonly AuditedService[];
  readonly trail: Trail;
  readonly pause: () => Promise<void>;
  /** Is given every aggregate that differs, and the SPIFFE ID of its service. */
  readonly suspect?: (suspect: Suspect, source: string) => Promise<void>;
}

/** Replays the trail of each service and compares it with its rows, field by field. */
export async function reconcile(options: ReconcileOptions): Promise<Findings> {
  const { services, trail, pause, suspect: tell } = options;
  const tallies = new Map<
    string,
    { service: string; kind: string; aggregates: number; entries: number }
  >();
  const discrepancies: Discrepancy[] = [];
  let [discrepancyCount, withoutBeginning, waits] = [0, 0, 0];
  const wait = async (): Promise<boolean> => {
    if (waits >= WAITS_MAX) return false;
    waits += 1;
    await pause();
    return true;
  };
  for (const service of services) {
    for (const { kind } of service.kinds) {
      const tally = { service: service.name, kind: kind.name, aggregates: 0, entries: 0 };
      tallies.set(kind.name, tally);
    }
    const looked = ({ name }: { readonly name: string }, entries: number): void => {
      const tally = tallies.get(name);
      if (tally === undefined) return;
      tally.aggregates += 1;
      tally.entries += entries;
    };
    for await (const suspect of suspectsOf(service, { trail, wait, looked })) {
      if (suspect.headless) withoutBeginning += 1;
      discrepancyCount += suspect.findings.length;
      const about = `${suspect.kind.name} ${suspect.subject}`;
      for (const finding of suspect.findings.slice(0, NAMED_MAX - discrepancies.length)) {
        discrepancies.push({ service: service.name, about, ...finding });
      }
      await tell?.(suspect, service.source);
    }
  }
  return { kinds: [...tallies.values()], discrepancyCount, discrepancies, withoutBeginning };
}
