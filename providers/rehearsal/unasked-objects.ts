import * as values from '@pulumi/pulumi/runtime/rpc.js';
import { kubernetesObject } from './provider/kubernetes-object.ts';
import { isRecord, isSecret, MASK } from './provider/property-values.ts';
import type { Properties } from './provider/property-values.ts';
import type { RehearsalProblem } from './provider/rehearsal-service.ts';
import { RELEASE_TYPE } from './provider/release.ts';

/** What an engine would make of a resource: its inputs as a preview shows them, secrets masked. */
export interface ShownResource {
  readonly urn: string;
  readonly type: string;
  readonly inputs: Properties;
}

/**
 * What is wrong with objects of which no provider was asked: of one that does not know its cluster yet, as before the first deployment, the
 * engine asks nothing at all, and takes what the program says. Their schemas are known all the same; what is secret or not known yet is
 * not looked at. Charts are left out: they are rendered where the provider is asked.
 * Source: Pulumi 3, sdk/go/common/resource/plugin/provider_plugin.go, Check ("if !pcfg.known")
 *
 * @param asked URNs of what providers were asked of
 */
export function problemsOfUnasked(
  resources: readonly ShownResource[],
  asked: ReadonlySet<string>,
): readonly RehearsalProblem[] {
  return resources
    .filter(({ urn, type }) => isObject(type) && !asked.has(urn))
    .flatMap(({ urn, inputs }) =>
      kubernetesObject
        .check(withUnknowns(inputs) as Properties)
        .problems.map((message) => ({ urn, message })),
    );
}

function isObject(type: string): boolean {
  return /^kubernetes:(?!yaml|kustomize|helm\.sh\/v4)/.test(type) && type !== RELEASE_TYPE;
}

/** Of a secret a preview says nothing. */
function withUnknowns(value: unknown): unknown {
  if (isSecret(value) || value === MASK) return values.unknownValue;
  if (Array.isArray(value)) return value.map(withUnknowns);
  if (!isRecord(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, member]) => [key, withUnknowns(member)]),
  );
}
