import { structuredPatch } from 'diff';
import { changesBetween } from '@meridian/provider-rehearsal/provider/detailed-diff.ts';
import { pathText } from '@meridian/provider-rehearsal/provider/property-path.ts';
import { isRecord, isSecret } from '@meridian/provider-rehearsal/provider/property-values.ts';
import { stringify } from 'yaml';
import { costOfSteps } from '../../cost/cost-of-steps.ts';
import { costText } from '../../cost/cost-text.ts';
import { readPrices } from '../../cost/prices.ts';
import { brokenRules } from './broken-rules.ts';
import type { BrokenRule } from './broken-rules.ts';
import { changedProperties, visible } from './changed-properties.ts';
import type { PropertyLine } from './changed-properties.ts';
import { partsOfUrn } from './engine-events.ts';
import type { EngineEvent, EventState, StepMetadata } from './engine-events.ts';
import { lastSteps } from './last-steps.ts';
import type { ProtectedResource } from './protected-data.ts';
import { restartsOf } from './restarts.ts';

/** What a release changes in one of its objects. */
export interface ManifestDiff {
  /** Such as 'ConfigMap shop', or 'ConfigMap shop-1 → ConfigMap shop-2' for one in place of another. */
  readonly object: string;
  /** Lines of a unified diff of its YAML, with the headers of its hunks. */
  readonly lines: readonly string[];
}

/** What would happen to a resource. */
export interface ResourceChange {
  readonly operation: Operation;
  readonly type: string;
  readonly name: string;
  readonly urn: string;
  readonly properties: readonly PropertyLine[];
  readonly manifests: readonly ManifestDiff[];
  /** Where a deployment stops, as it is protected: which data would go with it. */
  readonly losesData?: string;
  /** What it does to what runs; absent where nothing is restarted by a change of that kind. */
  readonly restarts?: string;
}

const OPERATIONS = ['create', 'update', 'replace', 'delete'] as const;
/** What a preview tells of; anything else leaves a resource as it is. */
export type Operation = (typeof OPERATIONS)[number];

/** What a preview found: plain, and the same for the same two programs. */
export interface PreviewReport {
  readonly rehearsal: true;
  readonly stack: string;
  /** The commit that the program is held against; absent when everything is new. */
  readonly base?: string;
  /** What the program warns of, such as data without a backup. */
  readonly warnings: readonly string[];
  /** What policies/ does not allow. */
  readonly brokenRules: readonly BrokenRule[];
  readonly resources: readonly ResourceChange[];
  readonly totals: Readonly<Record<Operation | 'unchanged', number>>;
  /** What a month of all of it costs, in a sentence; absent where nothing of it is charged for. */
  readonly cost?: string;
}

/** Of which stack a report is, and what it is held against. */
export interface PreviewSubject {
  readonly stack: string;
  /** @default nothing */
  readonly base?: string;
  /** What was protected before the preview. @default nothing */
  readonly protectedResources?: readonly ProtectedResource[];
}

/** The report of a preview's events, sorted by URN. */
export function previewReport(
  events: readonly EngineEvent[],
  { stack, base, protectedResources = [] }: PreviewSubject,
): PreviewReport {
  const steps = lastSteps(events);
  const data = new Map(protectedResources.map(({ urn, data: held }) => [urn, held]));
  const resources = steps
    .filter((step): step is Step => OPERATIONS.some((operation) => operation === step.op))
    .map((step) => ({ ...resourceChange(step), ...loss(step, data) }))
    .map((change) => ({ ...change, ...restartOf(change) }));
  const count = (operation: Operation): number =>
    resources.filter((resource) => resource.operation === operation).length;
  return {
    rehearsal: true,
    stack,
    ...(base === undefined ? {} : { base }),
    warnings: warningsOf(events),
    brokenRules: brokenRules(steps),
    resources,
    totals: {
      create: count('create'),
      update: count('update'),
      replace: count('replace'),
      delete: count('delete'),
      unchanged: steps.filter(({ op }) => op === 'same').length,
    },
    ...costOf(steps),
  };
}

/** Of the stack as it would be. */
function costOf(steps: readonly StepMetadata[]): Pick<PreviewReport, 'cost'> {
  const prices = readPrices();
  const cost = costOfSteps(steps, 'new', prices);
  return cost === undefined ? {} : { cost: costText(cost, prices.gathered) };
}

/**
 * The engine says of the program's own language host where it found it, which is where it was meant to.
 * Source: Pulumi 3, sdk/go/common/workspace/plugins.go ("using %s from $PATH at %s")
 */
const OF_THE_LANGUAGE_HOST = /^using pulumi-language-\S+ from \$PATH/;

function warningsOf(events: readonly EngineEvent[]): readonly string[] {
  const told = events
    .flatMap(({ diagnosticEvent }) => diagnosticEvent ?? [])
    .filter(({ severity }) => severity === 'warning')
    .map(({ message }) => message.trim())
    .filter((message) => !OF_THE_LANGUAGE_HOST.test(message));
  return [...new Set(told)].toSorted();
}

type Step = StepMetadata & { readonly op: Operation };

/** A deployment refuses to delete what is protected, also to put another in its place. */
function loss(
  { op, urn }: Step,
  data: ReadonlyMap<string, string>,
): Pick<ResourceChange, 'losesData'> {
  const lost = op === 'delete' || op === 'replace' ? data.get(urn) : undefined;
  return lost === undefined ? {} : { losesData: lost };
}

function restartOf(change: ResourceChange): Pick<ResourceChange, 'restarts'> {
  const restarts = restartsOf(change);
  return restarts === undefined ? {} : { restarts };
}

function resourceChange(step: Step): ResourceChange {
  return {
    operation: step.op,
    ...partsOfUrn(step.urn),
    urn: step.urn,
    properties: step.op === 'create' ? everyProperty(step.new) : changedProperties(step),
    manifests:
      step.op === 'delete'
        ? []
        : manifestDiffs(...withoutVersion(manifestOf(step.old), manifestOf(step.new))),
  };
}

/** Every leaf of what a new resource is given. */
function everyProperty(state: EventState | null | undefined): readonly PropertyLine[] {
  const leaves = (value: unknown, path: readonly (string | number)[]): readonly PropertyLine[] => {
    if (typeof value !== 'object' || value === null || isSecret(value)) {
      return [{ property: pathText(path), after: visible(value) }];
    }
    const members = Array.isArray(value) ? [...value.entries()] : Object.entries(value).toSorted();
    if (members.length === 0) return [{ property: pathText(path), after: value }];
    return members.flatMap(([key, member]) => leaves(member, [...path, key]));
  };
  return Object.entries(state?.inputs ?? {})
    .toSorted(([one], [other]) => (one < other ? -1 : 1))
    .flatMap(([key, value]) => leaves(value, [key]));
}

type Manifests = Readonly<Record<string, unknown>>;

function manifestOf(state: EventState | null | undefined): Manifests {
  const manifest = visible(state?.outputs?.['manifest']);
  return isRecord(manifest) ? manifest : {};
}

/**
 * Every object of a chart carries its version in a label; that it changes is said once, by the
 * release's own.
 */
function withoutVersion(before: Manifests, after: Manifests): readonly [Manifests, Manifests] {
  if (Object.keys(before).length === 0) return [before, after];
  const without = (manifests: Manifests): Manifests =>
    Object.fromEntries(
      Object.entries(manifests).map(([object, manifest]) => [object, withoutChartLabel(manifest)]),
    );
  return [without(before), without(after)];
}

function withoutChartLabel(manifest: unknown): unknown {
  if (!isRecord(manifest) || !isRecord(manifest['metadata'])) return manifest;
  const { labels, ...metadata } = manifest['metadata'];
  if (!isRecord(labels)) return manifest;
  const others = Object.entries(labels).filter(([name]) => name !== 'helm.sh/chart');
  return { ...manifest, metadata: { ...metadata, labels: Object.fromEntries(others) } };
}

function manifestDiffs(before: Manifests, after: Manifests): readonly ManifestDiff[] {
  const gone = Object.keys(before).filter((object) => !(object in after));
  const added = Object.keys(after).filter((object) => !(object in before));
  const kept = Object.keys(after)
    .filter(
      (object) => object in before && changesBetween(before[object], after[object]).length > 0,
    )
    .map((object) => [object, object] as const);
  const successors = added.map((object) => [predecessorOf(object, gone, added), object] as const);
  const succeeded = new Set(successors.map(([object]) => object));
  const removed = gone
    .filter((object) => !succeeded.has(object))
    .map((object) => [object, undefined] as const);
  return [...kept, ...successors, ...removed]
    .map(([old, now]) => manifestDiff([old, before], [now, after]))
    .toSorted((one, other) => (one.object < other.object ? -1 : 1));
}

/** What is named by its content comes in place of the only other one of its kind. */
function predecessorOf(
  object: string,
  gone: readonly string[],
  added: readonly string[],
): string | undefined {
  const ofKind = (other: string): boolean => other.split(' ')[0] === object.split(' ')[0];
  const [only, ...more] = gone.filter(ofKind);
  return more.length === 0 && added.filter(ofKind).length === 1 ? only : undefined;
}

type Side = readonly [object: string | undefined, manifests: Manifests];

function manifestDiff([old, before]: Side, [now, after]: Side): ManifestDiff {
  const text = (object: string | undefined, manifests: Manifests): string =>
    object === undefined ? '' : stringify(manifests[object], { lineWidth: 0 });
  const { hunks } = structuredPatch('', '', text(old, before), text(now, after), '', '', {
    context: 3,
  });
  const names = [...new Set([old, now])].filter((name) => name !== undefined);
  return {
    object: names.join(' → '),
    lines: hunks.flatMap(({ oldStart, oldLines, newStart, newLines, lines }) => [
      `@@ -${oldStart},${oldLines} +${newStart},${newLines} @@`,
      ...lines,
    ]),
  };
}
