import { createHash } from 'node:crypto';
import type { BoundHandler } from '@meridian/provider-local/provider/bound-handler.ts';
import { handlerOf } from '@meridian/provider-local/provider/handlers.ts';
import { changesBetween } from './detailed-diff.ts';
import type { Properties } from './property-values.ts';
import type { RehearsedResource } from './rehearsed-resource.ts';

/**
 * A resource of this machine, of which nothing is made: what is refused, what differs and what replaces it is said by
 * the provider's own handlers, so a rehearsal knows no more of them than that.
 */
export function localResource(urn: string): RehearsedResource {
  const handler = handlerOf(urn);
  return {
    check: (given) => {
      const checked = handler.check(given);
      return {
        inputs: (checked.inputs ?? given) as Properties,
        problems: (checked.failures ?? []).map(({ reason }) => reason),
      };
    },
    changes: (before, inputs) => changesOf(handler, before.inputs, inputs),
    refusals: () => [],
    id: () => nameOf(urn),
    outputs: (inputs) => ({ ...madeUp(urn), ...inputs }),
  };
}

function changesOf(
  handler: BoundHandler,
  before: Properties,
  inputs: Properties,
): ReturnType<RehearsedResource['changes']> {
  const { changes, replaces = [] } = handler.diff(before, inputs);
  if (changes === false) return [];
  return changesBetween(before, inputs).map((change) => ({
    ...change,
    replaces: replaces.includes(String(change.path[0])),
    ofInputs: true,
  }));
}

/** What only this machine could tell: a text that follows from the URN, so two rehearsals are equal. */
function madeUp(urn: string): Properties {
  const text = createHash('sha256').update(urn).digest('hex');
  return {
    fingerprint: text,
    intermediateFingerprint: text,
    passwordFingerprint: text,
    certificatePath: '${state}/pki/root.crt',
    addresses: {},
    migrations: [],
  };
}

/** urn:pulumi:<stack>::<project>::<types>::<name> */
function nameOf(urn: string): string {
  return urn.split('::').slice(3).join('::');
}
