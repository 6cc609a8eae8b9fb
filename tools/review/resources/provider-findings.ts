import { changesBetween } from '@meridian/provider-rehearsal/provider/detailed-diff.ts';
import { pathText } from '@meridian/provider-rehearsal/provider/property-path.ts';
import { visible } from '../../meridian/rehearsal/changed-properties.ts';
import { partsOfUrn } from '../../meridian/rehearsal/engine-events.ts';
import type { StepMetadata } from '../../meridian/rehearsal/engine-events.ts';
import { valueAt } from '../../meridian/rehearsal/value-at.ts';
import type { Finding } from '../finding.ts';
import { sides } from './aspect.ts';

const PROVIDER = /^pulumi:providers:/;
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

/** Each change of which provider makes resources, once. */
function chosen(steps: readonly StepMetadata[]): readonly Finding[] {
  const changes = steps.flatMap(({ old, new: wanted }) => {
    const [before, after] = [nameOf(old?.provider), nameOf(wanted?.provider)];
    return before === undefined || after === undefined || before === after
      ? []
      : [[before, after] as const];
  });
  return [...Map.groupBy(changes, ([before, after]) => `${before} ${after}`).values()].flatMap(
    ([first, ...more]) =>
      first === undefined
        ? []
        : [
            {
              kind: 'provider-changed' as const,
              subject: 'provider',
              among: 'providers',
              before: first[0],
              after: first[1],
              consequence: `${more.length + 1} resources are made by another one`,
            },
          ],
  );
}

/** 'kubernetes default_4_34_2' of urn:…:pulumi:providers:kubernetes::default_4_34_2::<id>. */
function nameOf(reference: string | undefined): string | undefined {
  const [, name, version] = /pulumi:providers:([^:]+)::([^:]+)/.exec(reference ?? '') ?? [];
  return name === undefined ? undefined : `${name} ${version ?? ''}`;
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
