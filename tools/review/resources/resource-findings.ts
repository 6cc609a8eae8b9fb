import { dataOf } from '../../meridian/rehearsal/protected-data.ts';
import type { ProtectedResource } from '../../meridian/rehearsal/protected-data.ts';
import type { StepMetadata } from '../../meridian/rehearsal/engine-events.ts';
import { RESTARTED_KINDS } from '../../meridian/rehearsal/restart-table.ts';
import type { Finding } from '../finding.ts';
import type { Aspect, Told } from './aspect.ts';
import { namedPlaces, sides } from './aspect.ts';
import type { PropertyLine } from '../../meridian/rehearsal/changed-properties.ts';
import type { DeclaredGraphs } from './declared-graphs.ts';
import { CLOUD_KINDS } from './cloud-kinds.ts';
import { declaredBy, subjectOf } from './declared-by.ts';
import { engineRestarts } from './engine-restarts.ts';
import { KINDS } from './kind-table.ts';
import { ofEveryTopic, topicsIn } from './kafka-rights.ts';
import { LOCAL_KINDS } from './local-kinds.ts';
import { mayReplace, toldToReplace } from './may-replace.ts';
import { metadata } from './metadata.ts';
import { objectChanges } from './object-change.ts';
import type { ObjectChange } from './object-change.ts';
import { podSafety, withoutRefused } from './pod-safety.ts';
import { providerFindings } from './provider-findings.ts';
import { ruleFindings } from './rule-findings.ts';
import { scrapeFindings } from './scrape-findings.ts';
import { otherwiseThanDeclared } from './service-files.ts';
import { TAGS, tagsTogether } from './tags.ts';
import { imagesTogether, withRules } from './told-once.ts';
import { withoutUnowned } from './unowned-routes.ts';
import { dataChanges, replacement } from './wholes.ts';
import type { HeldData } from './wholes.ts';

/** What is known of a stack besides the steps of its preview. */
export interface ResourceContext {
  /** What was protected before the preview, of which the engine knows nothing any more. @default nothing */
  readonly protectedResources?: readonly ProtectedResource[];
  /** What both revisions say that they declare. @default nothing is held against it */
  readonly declared?: DeclaredGraphs;
}

/**
 * What a preview of a head over what its base deployed means for data, access, zones and alerts: by the inputs of each resource
 * on both sides. What no table explains is told as an unknown change, and nothing that differs is left out.
 *
 * @param steps one for each resource, as lastSteps gives them
 */
export function resourceFindings(
  steps: readonly StepMetadata[],
  { protectedResources = [], declared }: ResourceContext = {},
): readonly Finding[] {
  const held = new Map(protectedResources.map(({ urn, data }) => [urn, data]));
  const kept = steps.flatMap(({ urn, old }) =>
    old === null || old === undefined ? [] : [{ urn, ...old }],
  );
  const data: HeldData = {
    held,
    dataOf: ({ urn, before }) => dataOf({ urn, inputs: { ...before } }, kept),
  };
  const changes = objectChanges(steps).map((change) =>
    declared === undefined ? change : { ...change, declared },
  );
  const topics = topicsIn(changes);
  const titles = new Map<Finding, string>();
  const ofObjects = changes.flatMap((change) => {
    const findings = ofEveryTopic(objectFindings(change, data), change, topics);
    for (const finding of findings) titles.set(finding, change.title);
    return findings;
  });
  const broken = ruleFindings(steps, new Set(held.keys())).findings;
  const found = [
    ...tagsTogether(
      imagesTogether(
        withoutUnowned(
          withRules(withoutRefused(ofObjects, titles, broken), broken, titles),
          changes,
        ),
      ),
    ),
    ...scrapeFindings(changes),
    ...providerFindings(steps),
  ];
  // A connection is opened at both of its ends, and told once.
  const once = new Map(found.map((finding) => [identityOf(finding), finding]));
  return [...once]
    .toSorted(([one], [other]) => (one < other ? -1 : 1))
    .map(([, finding]) => finding);
}

function identityOf({ kind, subject, property = '', before = '', after = '' }: Finding): string {
  return [kind, subject, property, before, after].join(' ');
}

function objectFindings(change: ObjectChange, data: HeldData): readonly Finding[] {
  const { subject, among } = subjectOf(change);
  const from = declaredBy(change);
  return toldOf(change, data).map((told) => ({
    subject,
    among,
    ...(from === undefined ? {} : { from }),
    ...told,
  }));
}

function toldOf(change: ObjectChange, data: HeldData): readonly Told[] {
  const ofData = dataChanges(change, data);
  const aspects = KINDS[change.kind] ?? LOCAL_KINDS[change.kind] ?? CLOUD_KINDS[change.kind];
  if (change.operation === 'same' && change.properties.length === 0) {
    return [...ofData, ...otherwiseThanDeclared(change)];
  }
  if (aspects === undefined) {
    return isOfTags(change) ? ofFields(change, []) : [...ofData, ...ofUnknownKind(change)];
  }
  switch (change.operation) {
    case 'create':
      return ofWhole(change, aspects);
    case 'delete':
      return ofData.length > 0 ? ofData : ofWhole(change, aspects);
    case 'replace':
    case 'update':
    case 'same':
      return [
        ...ofData,
        ...(ofData.length > 0 ? [] : replacement(change)),
        ...toldToReplace(change),
        ...ofFields(change, aspects),
      ];
  }
}

/** Whether a resource changes nothing but its tags, which mean the same of any type. */
function isOfTags({ operation, properties }: ObjectChange): boolean {
  return operation === 'update' && properties.every(({ property }) => TAGS.test(property));
}

/** A new object, or one that goes away. */
function ofWhole(change: ObjectChange, aspects: readonly Aspect[]): readonly Told[] {
  const told = aspects
    .filter(({ isOfWholes = false }) => isOfWholes)
    .flatMap(({ tell }) => tell(change, []));
  // What runs is missed, whatever else its end does.
  const isMissed = change.operation === 'delete' && RESTARTED_KINDS[change.kind] !== undefined;
  if (isMissed) {
    return [
      ...told,
      {
        kind: 'unknown-change',
        before: 'there',
        after: 'none',
        consequence: 'what it ran is gone',
      },
    ];
  }
  if (told.length > 0) return told;
  return change.operation === 'create'
    ? [{ kind: 'object-added', consequence: 'there is one more' }]
    : [{ kind: 'object-removed', consequence: 'it held no data' }];
}

/** Fields that differ, by what explains them; those that nothing does are told together, and so are those that come to the same. */
function ofFields(change: ObjectChange, aspects: readonly Aspect[]): readonly Told[] {
  const restarts = engineRestarts(change);
  const readings = [...aspects, podSafety, ...metadata].map(({ field, tell }) => {
    const lines = change.properties.filter(({ property }) => field.test(property));
    return { field, told: lines.length === 0 ? [] : tell(change, lines) };
  });
  const rest = change.properties
    .map(({ property }) => property)
    .filter(
      (property) =>
        !readings.some(({ field, told }) => told.length > 0 && field.test(property)) &&
        // Told as what replaces it.
        !change.replacing.includes(property) &&
        !restarts.explained.has(property),
    );
  const isRead = (property: string): boolean => readings.some(({ field }) => field.test(property));
  return [
    ...readings.flatMap(({ told }) => told),
    ...restarts.told,
    ...ofUnknownFields(
      change,
      rest.filter((property) => !isRead(property)),
    ),
    ...ofHarmlessFields([
      ...rest.filter(isRead),
      // What restarts nothing, and nobody has more to say of.
      ...(restarts.told.length > 0 || readings.some(({ told }) => told.length > 0)
        ? []
        : restarts.explained),
    ]),
  ];
}

function ofHarmlessFields(places: readonly string[]): readonly Told[] {
  return places.length === 0
    ? []
    : [
        {
          kind: 'object-changed',
          property: namedPlaces(places),
          consequence: 'nothing restarts by it, and nobody may do more or less',
        },
      ];
}

function ofUnknownFields(change: ObjectChange, places: readonly string[]): readonly Told[] {
  if (places.length === 0) return [];
  const otherwise = RESTARTED_KINDS[change.kind]?.otherwise.text;
  return eachPlace(
    change.properties.filter(({ property }) => places.includes(property)),
    { kind: 'unknown-change', consequence: otherwise ?? 'nobody has looked up what it does' },
  );
}

/** So many places of what nobody knows are told one by one, with what stood there and what stands. */
const SHOWN_PLACES = 3;

function eachPlace(
  lines: readonly PropertyLine[],
  said: Pick<Told, 'kind' | 'consequence'>,
): readonly Told[] {
  const rest = lines.slice(SHOWN_PLACES).map(({ property }) => property);
  return [
    ...lines
      .slice(0, SHOWN_PLACES)
      .map((line) => ({ ...said, property: line.property, ...sides(line) })),
    ...(rest.length === 0 ? [] : [{ ...said, property: namedPlaces(rest) }]),
  ];
}

/** What no table has: what becomes of it, and whether somebody knows that it stays in its place. */
function ofUnknownKind(change: ObjectChange): readonly Told[] {
  const { type, operation, properties } = change;
  const isReplaced = mayReplace(change).length > 0;
  const said = {
    kind: isReplaced ? 'may-replace' : 'unknown-change',
    consequence: isReplaced
      ? 'nobody has looked up whether another one comes in its place'
      : `nobody has said what a ${type.split(':').at(-1) ?? type} does`,
  } as const;
  if (properties.length > 0) return eachPlace(properties, said);
  return [
    {
      ...said,
      ...(operation === 'create' ? { before: 'none', after: 'there' } : {}),
      ...(operation === 'delete' ? { before: 'there', after: 'none' } : {}),
    },
  ];
}
