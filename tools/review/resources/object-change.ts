import { wordOf } from '@meridian/policies/fields.ts';
import { pathText } from '@meridian/provider-rehearsal/provider/property-path.ts';
import { changesBetween } from '@meridian/provider-rehearsal/provider/detailed-diff.ts';
import { isRecord } from '@meridian/provider-rehearsal/provider/property-values.ts';
import { objectOf } from '@meridian/policies/cluster-object.ts';
import type { Fields } from '@meridian/policies/rule.ts';
import { changedProperties, visible } from '../../meridian/rehearsal/changed-properties.ts';
import type { PropertyLine } from '../../meridian/rehearsal/changed-properties.ts';
import { partsOfUrn } from '../../meridian/rehearsal/engine-events.ts';
import type { EventState, StepMetadata } from '../../meridian/rehearsal/engine-events.ts';
import { replacingProperties } from '../../meridian/rehearsal/replacing-properties.ts';
import { kindOf } from '../../meridian/rehearsal/restarts.ts';
import { valueAt } from '../../meridian/rehearsal/value-at.ts';
import type { DeclaredGraphs } from './declared-graphs.ts';

/** What becomes of an object. */
export type ObjectOperation = 'create' | 'update' | 'replace' | 'delete' | 'same';

/** What a change does to one resource, both sides as people may see them. */
export interface ObjectChange {
  readonly operation: ObjectOperation;
  readonly urn: string;
  /** The URN that it has had: another one where an alias names it, or where it is moved. */
  readonly formerUrn: string;
  readonly type: string;
  /** Group and kind without the version of the API, such as 'apps:StatefulSet'. */
  readonly kind: string;
  /** Such as 'NetworkPolicy meridian/payments' or 'chart loki'. */
  readonly title: string;
  /** Its own name, without what its content adds to it. */
  readonly name: string;
  readonly namespace: string;
  readonly labels: Fields;
  /** What it was given; absent where it is new. */
  readonly before?: Fields;
  /** What it is given; absent where it goes away. */
  readonly after?: Fields;
  readonly isProtected: boolean;
  /** What differs, sorted by place. */
  readonly properties: readonly PropertyLine[];
  /** For which of them another object comes in its place. */
  readonly replacing: readonly string[];
  /** Whether it is the same object of a cluster under another name of the program, without an alias that says so. */
  readonly isMoved: boolean;
  /** What both revisions say that they declare; absent where one says nothing. */
  readonly declared?: DeclaredGraphs;
}

const OPERATIONS: ReadonlySet<string> = new Set(['create', 'update', 'replace', 'delete', 'same']);

/** A digest at the end of a name, by which another content is another object. Source: components/kubernetes/program-job.ts and its like. */
const BY_CONTENT = /-[0-9a-f]{8,12}$/;
const NAMED_BY_CONTENT: ReadonlySet<string> = new Set([
  'core:ConfigMap',
  'core:Secret',
  'batch:Job',
]);

/**
 * What becomes of every object, sorted by URN. An object that takes the place of another one of its name, but for a digest at its
 * end, is that one changed; one that the program makes again under another URN is that one replaced.
 */
export function objectChanges(steps: readonly StepMetadata[]): readonly ObjectChange[] {
  const made = steps.filter(({ op, type }) => OPERATIONS.has(op) && isMade(type));
  const [gone, come] = [ofOperation(made, 'delete'), ofOperation(made, 'create')];
  const moved = pairs(gone, come, placeOf);
  const succeeded = pairs(
    without(gone, moved.keys()),
    without(come, moved.values()),
    contentPlaceOf,
  );
  const paired = new Set([
    ...moved.keys(),
    ...moved.values(),
    ...succeeded.keys(),
    ...succeeded.values(),
  ]);
  return [
    ...made.filter((step) => !paired.has(step)).map((step) => changeOf(step.op, step)),
    ...[...moved].map(([old, now]) => ({ ...joined('replace', old, now), isMoved: true })),
    ...[...succeeded].map(([old, now]) => joined('update', old, now)),
  ].toSorted((one, other) => (one.urn < other.urn ? -1 : 1));
}

/** Whether a resource is something, and not only the parent of others. */
function isMade(type: string): boolean {
  return !type.startsWith('meridian:') && !type.startsWith('pulumi:');
}

function ofOperation(steps: readonly StepMetadata[], op: string): readonly StepMetadata[] {
  return steps.filter((step) => step.op === op);
}

function without(
  steps: readonly StepMetadata[],
  taken: Iterable<StepMetadata>,
): readonly StepMetadata[] {
  const found = new Set(taken);
  return steps.filter((step) => !found.has(step));
}

/** Each that goes with the only one that comes in its place. */
function pairs(
  gone: readonly StepMetadata[],
  come: readonly StepMetadata[],
  placed: (step: StepMetadata) => string | undefined,
): ReadonlyMap<StepMetadata, StepMetadata> {
  const [from, to] = [Map.groupBy(gone, placed), Map.groupBy(come, placed)];
  return new Map(
    [...from].flatMap(([place, [old, ...olds]]) => {
      const [now, ...nows] = to.get(place) ?? [];
      if (place === undefined || old === undefined || now === undefined) return [];
      return olds.length > 0 || nows.length > 0 ? [] : [[old, now] as const];
    }),
  );
}

function placeOf(step: StepMetadata): string {
  const { name, namespace } = namesOf(inputsOf(step.new ?? step.old));
  return `${kindOf(step.type)} ${namespace}/${name === '' ? partsOfUrn(step.urn).name : name}`;
}

function contentPlaceOf(step: StepMetadata): string | undefined {
  const kind = kindOf(step.type);
  const place = placeOf(step);
  return NAMED_BY_CONTENT.has(kind) && BY_CONTENT.test(place)
    ? place.replace(BY_CONTENT, '')
    : undefined;
}

function joined(operation: ObjectOperation, old: StepMetadata, now: StepMetadata): ObjectChange {
  return changeOf(operation, { ...now, old: { ...old.old, urn: old.urn } });
}

function changeOf(op: string, step: StepMetadata): ObjectChange {
  const { urn, type, old, new: wanted } = step;
  const operation = op as ObjectOperation;
  const before = operation === 'create' ? undefined : inputsOf(old);
  const after = operation === 'delete' ? undefined : inputsOf(wanted);
  const given = after ?? before ?? {};
  const kind = kindOf(type);
  const { name, namespace } = namesOf(given);
  const isByContent = NAMED_BY_CONTENT.has(kind) && BY_CONTENT.test(name);
  const plain = isByContent ? name.replace(BY_CONTENT, '') : name;
  return {
    operation,
    urn,
    formerUrn: old?.urn ?? urn,
    type,
    kind,
    title: titleOf(type, partsOfUrn(urn).name, {
      ...given,
      metadata: { ...fields(given['metadata']), name: plain },
    }),
    name: plain === '' ? partsOfUrn(urn).name : plain,
    namespace,
    labels: fields(fields(given['metadata'])['labels']),
    ...(before === undefined ? {} : { before }),
    ...(after === undefined ? {} : { after }),
    isProtected: (wanted ?? old)?.protect ?? false,
    properties: propertiesOf(step, before, after).filter(
      ({ property }) => !(isByContent && property === 'metadata.name'),
    ),
    replacing: replacingProperties(step),
    isMoved: false,
  };
}

/** What the provider says is different, and what is: values of secrets differ only to the provider. */
function propertiesOf(
  step: StepMetadata,
  before: Fields | undefined,
  after: Fields | undefined,
): readonly PropertyLine[] {
  if (before === undefined || after === undefined) return [];
  const told = new Map(changedProperties(step).map((line) => [line.property, line]));
  for (const { path } of before === after ? [] : changesBetween(before, after)) {
    const property = pathText(path);
    const [was, is] = [valueAt(before, property), valueAt(after, property)];
    told.set(property, {
      property,
      ...(was === undefined ? {} : { before: was }),
      ...(is === undefined ? {} : { after: is }),
    });
  }
  return [...told.values()].toSorted((one, other) => (one.property < other.property ? -1 : 1));
}

function titleOf(type: string, resource: string, given: Fields): string {
  if (type.startsWith('kubernetes:helm.sh/')) return `chart ${wordOf(given['name'])}`;
  const { title, kind, name } = objectOf(given, false);
  return kind === '' || name === '' ? `${type.split(':').at(-1) ?? type} ${resource}` : title;
}

function namesOf(given: Fields): { readonly name: string; readonly namespace: string } {
  const { name, namespace } = { ...given, ...fields(given['metadata']) };
  return { name: text(name), namespace: text(namespace) };
}

function inputsOf(state: EventState | null | undefined): Fields {
  return fields(visible(state?.inputs ?? {}));
}

function fields(value: unknown): Fields {
  return isRecord(value) ? value : {};
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
