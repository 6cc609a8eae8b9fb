import { isDeepStrictEqual } from 'node:util';
import { changesBetween } from '@meridian/provider-rehearsal/provider/detailed-diff.ts';
import { pathText } from '@meridian/provider-rehearsal/provider/property-path.ts';
import { visible } from '../../meridian/rehearsal/changed-properties.ts';
import { partsOfUrn } from '../../meridian/rehearsal/engine-events.ts';
import type { StepMetadata } from '../../meridian/rehearsal/engine-events.ts';
import { valueAt } from '../../meridian/rehearsal/value-at.ts';
import type { Finding } from '../finding.ts';
import { sides } from './aspect.ts';

const PROVIDER = 'pulumi:providers:';
/** What the engine does with resources that the program does not simply declare. */
const ASKED: Readonly<Record<string, string>> = {
  import: 'something that is there already is taken over',
  read: 'it is read from outside, so that two reviews may differ',
};

/**
 * Another provider, or one that is told something else: by its own inputs, as a rehearsal's comparison of them always says that
 * nothing changes; and by which one makes resources. What is read or taken over cannot be reviewed.
 */
export function providerFindings(steps: readonly StepMetadata[]): readonly Finding[] {
  return [
    ...steps.filter(({ type }) => type.startsWith('pulumi:providers:')).flatMap(configured),
    ...chosen(steps),
    ...steps.flatMap(asked),
  ];
}

function configured({ urn, type, op, old, new: wanted }: StepMetadata): readonly Finding[] {
  const of = {
    kind: 'provider-changed',
    among: 'providers',
    subject: partsOfUrn(urn).name,
  } as const;
  const package_ = type.replace(PROVIDER, '');
  if (op === 'create' || op === 'delete') {
    const [before, after] = op === 'create' ? ['none', package_] : [package_, 'none'];
    return [{ ...of, before, after, consequence: 'resources are made by another one' }];
  }
  const [before, after] = [visible(old?.inputs ?? {}), visible(wanted?.inputs ?? {})];
  return changesBetween(before, after).map(({ path }) => {
    const property = pathText(path);
    return {
      ...of,
      property,
      ...sides({ before: valueAt(before, property), after: valueAt(after, property) }),
      consequence: 'the same resources may be made elsewhere',
    };
  });
}

/** Each change of which provider makes resources, once: what stays as it is by one that is told something else is looked for there. */
function chosen(steps: readonly StepMetadata[]): readonly Finding[] {
  const told = toldOf(steps);
  const moves = steps.flatMap(({ op, old, new: wanted }) => {
    const [before, after] = [placeOf(old?.provider), placeOf(wanted?.provider)];
    return before === undefined || after === undefined || before === after
      ? []
      : [{ before, after, isKept: !op.includes('replace') }];
  });
  return [...Map.groupBy(moves, ({ before, after }) => `${before} ${after}`).values()].flatMap(
    (group) => {
      const [first] = group;
      if (first === undefined) return [];
      const kept = group.filter(({ isKept }) => isKept).length;
      const [one, other] = [told.get(first.before)?.before, told.get(first.after)?.after];
      const isElsewhere =
        kept > 0 && one !== undefined && other !== undefined && !isDeepStrictEqual(one, other);
      const of = {
        subject: 'provider',
        among: 'providers',
        before: nameOf(first.before),
        after: nameOf(first.after),
      } as const;
      const many = (count: number): string =>
        count === 1 ? '1 resource is' : `${String(count)} resources are`;
      return [
        {
          ...of,
          kind: 'provider-changed' as const,
          consequence: `${many(group.length)} made by another one`,
        },
        ...(isElsewhere
          ? [
              {
                ...of,
                kind: 'made-elsewhere' as const,
                consequence: `${many(kept)} not made again, but looked for, changed and deleted where the other one is`,
              },
            ]
          : []),
      ];
    },
  );
}

/** What is among the inputs of each resource, so that it is seen there. */
const SEEN_OTHERWISE: ReadonlySet<string> = new Set(['version', 'region', 'defaultTags']);

/** What each provider is told that decides where it makes resources, by its URN. */
function toldOf(steps: readonly StepMetadata[]) {
  const placing = (inputs: Readonly<Record<string, unknown>> | undefined) =>
    inputs === undefined
      ? undefined
      : Object.fromEntries(Object.entries(inputs).filter(([name]) => !SEEN_OTHERWISE.has(name)));
  return new Map(
    steps
      .filter(({ type }) => type.startsWith(PROVIDER))
      .map(({ urn, old, new: wanted }) => [
        urn,
        { before: placing(old?.inputs), after: placing(wanted?.inputs) },
      ]),
  );
}

/** The URN of a reference, which has the identity at its end. */
function placeOf(reference: string | undefined): string | undefined {
  return reference?.replace(/::[^:]*$/, '');
}

/** 'kubernetes default_4_34_2' of urn:…:pulumi:providers:kubernetes::default_4_34_2. */
function nameOf(place: string): string {
  const [, name = '', version = ''] = /pulumi:providers:([^:]+)::(.+)$/.exec(place) ?? [];
  return `${name} ${version}`;
}

function asked({ op, urn }: StepMetadata): readonly Finding[] {
  const consequence = ASKED[op];
  const { type, name } = partsOfUrn(urn);
  return consequence === undefined
    ? []
    : [
        {
          kind: 'not-assessed',
          subject: `${type} ${name}`,
          among: 'resources',
          property: op,
          consequence,
        },
      ];
}
