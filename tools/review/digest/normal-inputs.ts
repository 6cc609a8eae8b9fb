import { withoutEmptyMembers } from '@meridian/provider-rehearsal/provider/normal-form.ts';
import { MASK } from '@meridian/provider-rehearsal/provider/property-values.ts';
import { releaseAsGiven } from './release-as-given.ts';

/** What resources are given, by name. */
type Inputs = Readonly<Record<string, unknown>>;

/**
 * What a resource is given, in one form for all runs. The engine asks a provider for its form of the inputs only where it knows
 * how that is configured: not before there is a cluster, and its kubeconfig with it. So one run has objects of a cluster as the
 * program wrote them, and another as the provider keeps them: without empty lists and maps, and of a Secret only its data. Other
 * resources are as they were.
 *
 * Source: Pulumi 3, pkg/resource/plugin/provider_plugin.go, Check ("if the configuration for this provider was not fully known")
 */
export function normalInputs(type: string, inputs: Inputs): Inputs {
  return withoutEmptyMembers(withOneSecret(releaseAsGiven(type, inputs)));
}

/** Of a Secret nobody is told more than that there is one: texts and bytes are one and the same. */
function withOneSecret(inputs: Inputs): Inputs {
  const { apiVersion, kind, data, stringData, ...others } = inputs;
  if (apiVersion !== 'v1' || kind !== 'Secret') return inputs;
  if (data === undefined && stringData === undefined) return inputs;
  return { apiVersion, kind, ...others, data: MASK };
}
