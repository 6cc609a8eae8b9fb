import { kubernetesObject } from '@meridian/provider-rehearsal/provider/kubernetes-object.ts';
import { pathText } from '@meridian/provider-rehearsal/provider/property-path.ts';
import { isRecord, isSecret } from '@meridian/provider-rehearsal/provider/property-values.ts';
import type { Properties } from '@meridian/provider-rehearsal/provider/property-values.ts';
import type { RehearsedResource } from '@meridian/provider-rehearsal/provider/rehearsed-resource.ts';
import { release, RELEASE_TYPE } from '@meridian/provider-rehearsal/provider/release.ts';
import {
  SECRET_SIGNATURE,
  SIGNATURE_KEY,
} from '@meridian/provider-rehearsal/provider/protocol-marks.ts';
import type { EventState, StepMetadata } from '../../../meridian/rehearsal/engine-events.ts';
import { dataOf } from '../../../meridian/rehearsal/protected-data.ts';
import type { ProtectedResource } from '../../../meridian/rehearsal/protected-data.ts';
import { urnOf } from './staging-resources.ts';
import type { GivenResource } from './staging-resources.ts';

const releases = release('.');

/** What a provider makes of what it is given, which is the same for every edit of another resource. */
const checkedInputs = new WeakMap<GivenResource, Properties>();

/**
 * The steps that Pulumi's engine tells of for one set of resources in place of another: by the rehearsal's own providers, without
 * an engine. Where data are protected the engine is not asked, as in a review (Rehearsal.unprotect).
 */
export function previewSteps(
  base: readonly GivenResource[],
  head: readonly GivenResource[],
): readonly StepMetadata[] {
  const before = new Map(base.map((resource) => [urnOf(resource), resource]));
  const steps = head.map((resource) => {
    const old = before.get(urnOf(resource)) ?? before.get(resource.formerUrn ?? '');
    return stepOf(old, resource);
  });
  const kept = new Set(head.flatMap((resource) => [urnOf(resource), resource.formerUrn ?? '']));
  const gone = base.filter((resource) => !kept.has(urnOf(resource)));
  return [...steps, ...gone.map((resource) => stepOf(resource, undefined))].toSorted(
    (one, other) => (one.urn < other.urn ? -1 : 1),
  );
}

/** What was protected before a preview. */
export function protectedBefore(base: readonly GivenResource[]): readonly ProtectedResource[] {
  const all = base.map((resource) => ({ urn: urnOf(resource), inputs: resource.inputs }));
  return base
    .filter(({ isProtected }) => isProtected)
    .map((resource) => ({
      urn: urnOf(resource),
      data: dataOf({ urn: urnOf(resource), inputs: resource.inputs }, all),
    }));
}

function providerOf({ type }: GivenResource): RehearsedResource {
  return type === RELEASE_TYPE ? releases : kubernetesObject;
}

function stepOf(old: GivenResource | undefined, now: GivenResource | undefined): StepMetadata {
  const given = now ?? old;
  if (given === undefined) throw new Error('A step is of a resource');
  const of = { urn: urnOf(given), type: given.type };
  const [before, after] = [old, now].map(stateOf);
  if (old === undefined || now === undefined) {
    const op = old === undefined ? 'create' : 'delete';
    return { ...of, op, old: before ?? null, new: after ?? null, detailedDiff: null };
  }
  const changes =
    old === now
      ? []
      : providerOf(given).changes({ inputs: checked(old), outputs: {} }, checked(now));
  const keys = changes.filter(({ replaces }) => replaces).map(({ path }) => pathText(path));
  return {
    ...of,
    op: keys.length > 0 ? 'replace' : changes.length > 0 ? 'update' : 'same',
    old: before ?? null,
    new: after ?? null,
    keys,
    detailedDiff: Object.fromEntries(
      changes
        .filter(({ ofInputs }) => ofInputs)
        .map(({ path, kind }) => [pathText(path), { diffKind: kind, inputDiff: true }]),
    ),
  };
}

function checked(resource: GivenResource): Properties {
  const known = checkedInputs.get(resource);
  if (known !== undefined) return known;
  const { inputs } = providerOf(resource).check(resource.inputs);
  checkedInputs.set(resource, inputs);
  return inputs;
}

const states = new WeakMap<GivenResource, EventState>();

function stateOf(resource: GivenResource | undefined): EventState | undefined {
  if (resource === undefined) return undefined;
  const known = states.get(resource);
  if (known !== undefined) return known;
  const state: EventState = {
    urn: urnOf(resource),
    inputs: blinded(checked(resource)) as Properties,
    protect: resource.isProtected,
    provider: 'urn:pulumi:staging::meridian::pulumi:providers:kubernetes::default_4_34_2::id',
  };
  states.set(resource, state);
  return state;
}

/** As the engine tells of secrets. Source: Pulumi 3, pkg/display/json.go. */
function blinded(value: unknown): unknown {
  if (isSecret(value)) {
    return { [SIGNATURE_KEY]: SECRET_SIGNATURE, ciphertext: '[secret]' };
  }
  if (Array.isArray(value)) return value.map(blinded);
  if (!isRecord(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, blinded(member)]));
}
