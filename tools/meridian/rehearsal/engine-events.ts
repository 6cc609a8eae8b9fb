/** A resource as the engine tells of it; secrets in it are masked. Source: apitype.StepEventStateMetadata of Pulumi 3. */
export interface EventState {
  /** Another one than the step's where an alias of the resource names it. */
  readonly urn?: string;
  readonly inputs?: Readonly<Record<string, unknown>>;
  readonly outputs?: Readonly<Record<string, unknown>>;
  /** Whether Pulumi refuses to delete it. @default false */
  readonly protect?: boolean;
  /** URN and id of what makes it. */
  readonly provider?: string;
}

/** What the engine would do with a resource. Source: apitype.StepEventMetadata of Pulumi 3. */
export interface StepMetadata {
  readonly op: string;
  readonly urn: string;
  readonly type: string;
  readonly old?: EventState | null;
  readonly new?: EventState | null;
  /** Properties for which another resource comes in place of this one. */
  readonly keys?: readonly string[] | null;
  readonly detailedDiff?: Readonly<
    Record<string, { readonly diffKind: string; readonly inputDiff: boolean }>
  > | null;
}

/** One line of what the engine tells. Source: apitype.EngineEvent of Pulumi 3. */
export interface EngineEvent {
  readonly resourcePreEvent?: { readonly metadata: StepMetadata };
  readonly resOutputsEvent?: { readonly metadata: StepMetadata };
  readonly diagnosticEvent?: {
    readonly urn?: string;
    readonly message: string;
    readonly severity: string;
  };
  readonly summaryEvent?: {
    readonly resourceChanges?: Readonly<Record<string, number>>;
  };
}

/** The engine's events among the lines of its output. */
export function parseEvents(output: string): readonly EngineEvent[] {
  return output
    .split('\n')
    .filter((line) => line.startsWith('{"sequence"'))
    .map((line) => JSON.parse(line) as EngineEvent);
}

/** Type and name of a resource: urn:pulumi:<stack>::<project>::<parent type>$<type>::<name>. */
export function partsOfUrn(urn: string): { readonly type: string; readonly name: string } {
  const [, , types = '', ...name] = urn.split('::');
  return { type: types.split('$').at(-1) ?? '', name: name.join('::') };
}
