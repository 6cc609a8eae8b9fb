import { isRecord } from '@meridian/provider-rehearsal/provider/property-values.ts';
import { UNKNOWN_VALUE } from '@meridian/provider-rehearsal/provider/protocol-marks.ts';
import type { IgnoredChanges } from '../../language-host/ignored-changes.ts';
import { partsOfUrn } from '../../meridian/rehearsal/engine-events.ts';
import type { StepMetadata } from '../../meridian/rehearsal/engine-events.ts';

/**
 * What resources are given, with what stays as it is deployed marked as not known: the engine puts the deployed value in place of the
 * program's for `ignoreChanges`, and what is deployed may be neither this program's nor its base's.
 *
 * @param given what the program gives each resource, from nothing
 * @param steps of the same program over what is there: what is made new is as the program says
 */
export function withIgnored(
  given: readonly StepMetadata[],
  steps: readonly StepMetadata[],
  ignored: readonly IgnoredChanges[],
): readonly StepMetadata[] {
  const made = new Set(
    steps.filter(({ op }) => op === 'create' || op === 'replace').map(({ urn }) => urn),
  );
  const properties = new Map(
    ignored.map((one) => [`${one.type} ${one.name}`, one.properties] as const),
  );
  return given.map((step) => {
    const { type, name } = partsOfUrn(step.urn);
    const left = properties.get(`${type} ${name}`);
    if (left === undefined || made.has(step.urn) || step.new?.inputs === undefined) return step;
    const inputs = left.reduce<unknown>(
      (now, property) => unknownAt(now, keysOf(property)),
      step.new.inputs,
    );
    return { ...step, new: { ...step.new, inputs: inputs as Readonly<Record<string, unknown>> } };
  });
}

/** 'a.b[0].c' by its keys; whatever stands for several is all of the list. */
function keysOf(property: string): readonly string[] {
  const keys = property.split(/[.[\]"]+/).filter((key) => key !== '');
  const wild = keys.indexOf('*');
  return wild < 0 ? keys : keys.slice(0, wild);
}

function unknownAt(value: unknown, [key, ...rest]: readonly string[]): unknown {
  if (key === undefined) return UNKNOWN_VALUE;
  if (Array.isArray(value)) {
    return value.map((member, index) =>
      String(index) === key ? unknownAt(member, rest) : (member as unknown),
    );
  }
  if (!isRecord(value) || !(key in value)) return value;
  return { ...value, [key]: unknownAt(value[key], rest) };
}
