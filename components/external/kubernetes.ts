import { externalBindingName } from '@meridian/language/bindings.ts';
import { bindingSecret, bindingSecretName } from '../kubernetes/binding-secret.ts';
import { declarePart } from '../kubernetes/declare-part.ts';
import type { EngineUse, KubernetesEngine } from '../kubernetes/engine.ts';
import type { KubernetesContext } from '../kubernetes/lowering.ts';
import type { KubernetesPart, Step } from '../kubernetes/manifest.ts';
import type { PolicyRule } from '../kubernetes/network-policy.ts';
import { standInName } from '../model/external.ts';
import type { ExternalNode } from '../model/graph.ts';
import { externalBinding, STAND_IN_PARAMETERS } from './external-binding.ts';
import type { ExternalParameters } from './external-binding.ts';
import type { ExternalsLanding, ExternalSystem } from './external.ts';
import { standInPeer, standInSteps, standInUri, STAND_IN_PORT } from './kubernetes/stand-in.ts';
import { insideOf } from './kubernetes/outside.ts';
import { isByRole, keysSecret, ownersKeys, placeOf, UNKNOWN_URI } from './kubernetes/places.ts';

/** What leads to systems outside the platform, and what stands in for those that the stack says so of. */
export interface KubernetesExternals extends KubernetesPart {
  readonly systems: readonly ExternalSystem[];
}

/** What a graph needs of them; nothing at all where no service talks to any. */
export function lowerExternals(context: KubernetesContext): KubernetesExternals {
  const { graph } = context;
  const standIns = graph.externals.map((external) =>
    isStandIn(context, external) ? standInSteps(context, external) : [],
  );
  const bindings = graph.externals.map((external) => {
    const properties = externalBinding(
      withKeys(context, external),
      uriOf(context, external),
      parametersOfPlace(context, external),
      (secret) => `${keysFolder(external)}/${secret}`,
    );
    const mechanism = isByRole(context, external) ? { mechanism: 'iam' } : {};
    return bindingSecret(graph, externalBindingName(external.name), {
      ...properties,
      ...mechanism,
    });
  });
  return {
    systems: graph.externals.map((external) => ({
      name: external.name,
      uri: uriOf(context, external),
      standIn: isStandIn(context, external) ? standInName(external.name) : null,
    })),
    steps: sideBySide([bindings.length === 0 ? [] : [{ manifests: bindings }], ...standIns]),
  };
}

/** Declares it in the cluster. */
export function landExternals(lowered: KubernetesExternals): ExternalsLanding {
  return (parent, _name, { zones }) => {
    declarePart(lowered, { parent, dependsOn: zones.foundation });
    return { systems: lowered.systems };
  };
}

/** The first steps of all together, then the second ones, and so on. */
function sideBySide(parts: readonly (readonly Step[])[]): readonly Step[] {
  const length = Math.max(0, ...parts.map((steps) => steps.length));
  return Array.from({ length }, (_, position) => ({
    manifests: parts.flatMap((steps) => steps[position]?.manifests ?? []),
  }));
}

function useExternals(context: KubernetesContext, workload: string): readonly EngineUse[] {
  return context.graph.externals
    .filter(({ users }) => users.includes(workload))
    .map((external) => {
      const binding = externalBindingName(external.name);
      return {
        engine: binding,
        bindings: { [binding]: bindingSecretName(binding) },
        secrets:
          withKeys(context, external).secrets.length === 0
            ? {}
            : { [keysFolder(external)]: keysSecret(context, external) },
        egress: egressOf(context, external),
      };
    });
}

/** The system, without secrets where it asks for none of ours. */
function withKeys(context: KubernetesContext, external: ExternalNode): ExternalNode {
  return isByRole(context, external) ? { ...external, secrets: [] } : external;
}

/** Where pods find the keys, below their working folder. */
function keysFolder({ name }: ExternalNode): string {
  return externalBindingName(name);
}

function uriOf(context: KubernetesContext, external: ExternalNode): string {
  const place = placeOf(context, external);
  if (place === undefined) return UNKNOWN_URI;
  return place.standIn ? standInUri(context, external) : place.uri;
}

function parametersOfPlace(context: KubernetesContext, external: ExternalNode): ExternalParameters {
  const place = placeOf(context, external);
  if (place === undefined) return {};
  return place.standIn ? STAND_IN_PARAMETERS : place.parameters;
}

function egressOf(context: KubernetesContext, external: ExternalNode): PolicyRule | undefined {
  const place = placeOf(context, external);
  if (place === undefined) return undefined;
  if (place.standIn) return { peers: [standInPeer(context, external)], ports: [STAND_IN_PORT] };
  return {
    peers: place.networks.map((network) => ({ network, except: insideOf(network) })),
    ports: [portOf(place.uri)],
  };
}

/** That of a URI, which leaves out the one of its scheme. */
function portOf(uri: string): number {
  const { port } = new URL(uri);
  return port === '' ? 443 : Number(port);
}

function isStandIn(context: KubernetesContext, external: ExternalNode): boolean {
  return placeOf(context, external)?.standIn === true;
}

/** Systems outside the platform, as pods reach them. */
export const kubernetesExternals: KubernetesEngine<KubernetesExternals, ExternalsLanding> = {
  lower: lowerExternals,
  land: landExternals,
  images: [],
  ownersSecrets: ownersKeys,
  use: useExternals,
};
