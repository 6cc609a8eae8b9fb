import { CodedError } from '@meridian/language/coded-error.ts';
import type { ExternalSettings } from '../../kubernetes/kubernetes-settings.ts';
import type { KubernetesContext } from '../../kubernetes/lowering.ts';
import type { OwnersSecret } from '../../kubernetes/owners-secret.ts';
import { standInName } from '../../model/external.ts';
import type { ExternalNode } from '../../model/graph.ts';
import { compareText } from '../../model/order.ts';

/** Of a system whose place nobody has said; no deployment has it. Reserved so that it leads nowhere (RFC 2606). */
export const UNKNOWN_URI = 'https://unknown.invalid';

/** Where a system outside the platform is, if the stack says so. */
export function placeOf(
  { settings }: KubernetesContext,
  { name }: ExternalNode,
): ExternalSettings | undefined {
  return Object.hasOwn(settings.externals, name) ? settings.externals[name] : undefined;
}

/** Whether the role of pods says who they are to a system, and no key does. */
export function isByRole(context: KubernetesContext, external: ExternalNode): boolean {
  const place = placeOf(context, external);
  return place?.standIn === false && place.byRole === true;
}

/** The Secret with the keys of a system: the owner's, or one that is made for what stands in for it. */
export function keysSecret(context: KubernetesContext, external: ExternalNode): string {
  const place = placeOf(context, external);
  if (place === undefined) return defaultKeysSecret(external.name);
  return place.standIn ? `${standInName(external.name)}-keys` : place.secret;
}

/** The name that the owner's Secret has unless the settings name another one. */
export function defaultKeysSecret(external: string): string {
  return `external-${external}-keys`;
}

/** The owner's Secrets with keys of systems; those of what stands in for one are made with it. */
export function ownersKeys(context: KubernetesContext): readonly OwnersSecret[] {
  return context.graph.externals
    .filter(({ secrets }) => secrets.length > 0)
    .filter((external) => placeOf(context, external)?.standIn !== true)
    .filter((external) => !isByRole(context, external))
    .map((external) => ({
      namespace: context.graph.namespace,
      name: keysSecret(context, external),
      keys: external.secrets,
    }));
}

/** Holds the settings against what there is. Throws CodedError SETTINGS_INVALID. */
export function checkExternals(context: KubernetesContext): void {
  const { graph, settings } = context;
  const names = graph.externals.map(({ name }) => name);
  const known = names.map((name) => `'${name}'`).join(', ');
  const unknown = Object.keys(settings.externals)
    .filter((name) => !names.includes(name))
    .map(
      (name) =>
        `Setting 'meridian:externals.${name}': must be of a system outside the platform that a service uses (${known === '' ? 'none' : known}), got '${name}'; remove it in ${settings.file}`,
    );
  const problems = [
    ...unknown,
    ...graph.externals.flatMap((external) => parameterProblems(context, external)),
  ];
  if (problems.length > 0) {
    throw new CodedError('SETTINGS_INVALID', problems.join('\n'), { problems });
  }
}

/** A place says all that is ours there, and nothing that the system does not have. */
function parameterProblems(context: KubernetesContext, external: ExternalNode): readonly string[] {
  const place = placeOf(context, external);
  if (place === undefined || place.standIn) return [];
  const { name, parameters } = external;
  const given = Object.keys(place.parameters).toSorted(compareText);
  if (given.join() === parameters.join()) return [];
  return [
    `Setting 'meridian:externals.${name}': must say ${listOf(parameters)} beside where the system is, got ${listOf(given)}; set it in ${context.settings.file} (pulumi config set externals …)`,
  ];
}

function listOf(names: readonly string[]): string {
  return names.length === 0 ? 'nothing' : names.map((name) => `'${name}'`).join(' and ');
}

/** The systems of which nobody has said where they are; a deployment without would sell and never be paid. */
export function unplacedProblems(context: KubernetesContext): readonly string[] {
  const { graph, settings } = context;
  return graph.externals
    .filter((external) => placeOf(context, external) === undefined)
    .map(
      ({ name, parameters }) =>
        `Setting 'meridian:externals.${name}': must say where the system is, as {"uri": "https://…", "networks": ["…"]${parameters.map((parameter) => `, "${parameter}": "…"`).join('')}}, or {"standIn": true} for a trial without it, got nothing; set it in ${settings.file} (pulumi config set externals …)`,
    );
}
