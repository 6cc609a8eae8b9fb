/** What can be said to be broken: an edge of the graph, or what edges join and run in. */
export type SubjectKind = 'edge' | 'service' | 'engine' | 'zone';

/** By what somebody knows, the strongest first. */
export const EVIDENCE = [
  'away',
  'zone',
  'replica',
  'errors',
  'slow',
  'itself',
  'locks',
  'waits',
  'certificate',
  'restarts',
  'traces',
  'lines',
] as const;
export type EvidenceKind = (typeof EVIDENCE)[number];

/** A reason to say that something is broken. */
export interface Evidence {
  readonly kind: EvidenceKind;
  /** In words, with its number. */
  readonly says: string;
  /** Milliseconds since 1970; null where it was so as far back as was looked. */
  readonly sinceMs: number | null;
  /** What gives the number: PromQL, or a command for traces and lines. */
  readonly query: string;
}

/** Something that is broken, with the reasons to say so, the strongest first. */
export interface Finding {
  /** An edge's id, such as 'orders>postgres', the name of a service or an engine, or 'zone-b'. */
  readonly id: string;
  readonly kind: SubjectKind;
  /** The earliest of its evidence. */
  readonly sinceMs: number | null;
  /** How much of it fails: 1 where all of it does. */
  readonly weight: number;
  readonly evidence: readonly Evidence[];
}

/** A finding by some evidence, of which there is one at least. */
export function finding(
  subject: Pick<Finding, 'id' | 'kind' | 'weight'>,
  evidence: readonly Evidence[],
): Finding {
  const sorted = evidence.toSorted(
    (one, other) => EVIDENCE.indexOf(one.kind) - EVIDENCE.indexOf(other.kind),
  );
  return { ...subject, sinceMs: earliest(evidence), evidence: sorted };
}

/** Since when the first of several is so; null where that is known of none. */
export function earliest(several: readonly Pick<Evidence, 'sinceMs'>[]): number | null {
  const known = several.flatMap(({ sinceMs }) => sinceMs ?? []);
  return known.length === 0 ? null : Math.min(...known);
}

/** Findings of one subject as one. */
export function merged(findings: readonly Finding[]): readonly Finding[] {
  return [...Map.groupBy(findings, ({ id }) => id).values()].flatMap((same) => {
    const [first] = same;
    if (first === undefined) return [];
    const weight = Math.max(...same.map((each) => each.weight));
    const evidence = same.flatMap((each) => each.evidence);
    return [finding({ ...first, weight }, evidence)];
  });
}
