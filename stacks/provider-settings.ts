import { didYouMean } from '@meridian/components/model/validate/nearest-name.ts';
import {
  describeProblem,
  quoted,
  quotedList,
} from '@meridian/components/model/validate/problem.ts';
import { CodedError } from '@meridian/language/coded-error.ts';

const NAMESPACE = 'kubernetes:';

/** What Pulumi's provider for Kubernetes is told by. Source: @pulumi/kubernetes 4.32.0, provider.d.ts, ProviderArgs */
export const PROVIDER_SETTINGS = [
  ...['alwaysRender', 'cluster', 'clusterIdentifier', 'context', 'deleteUnreachable'],
  ...['enableConfigMapMutable', 'enablePatchForce', 'enableSecretMutable'],
  ...['enableServerSideApply', 'helmReleaseSettings', 'kubeClientSettings', 'kubeconfig'],
  ...['namespace', 'renderYamlToDirectory', 'skipUpdateUnreachable'],
  ...['suppressDeprecationWarnings', 'suppressHelmHookWarnings', 'upsertExistingObjects'],
];

/** Settings of providers that the program reads too. */
const READ_TOO: readonly string[] = ['aws:region', 'aws:allowedAccountIds'];

/**
 * The settings that the program reads: its own, without what is in front of their colon, and those of providers that it reads too.
 *
 * @param all of a stack, by their whole names
 * @param project name of the program, which is in front of the colon of its own
 */
export function readByProgram<Value>(
  all: Readonly<Record<string, Value>>,
  project: string,
): Readonly<Record<string, Value>> {
  const prefix = `${project}:`;
  const entries = Object.entries(all);
  return Object.fromEntries([
    ...entries
      .filter(([key]) => key.startsWith(prefix))
      .map(([key, value]) => [key.slice(prefix.length), value] as const),
    ...entries.filter(([key]) => READ_TOO.includes(key)),
  ]);
}

/**
 * Refuses settings of the provider that it would pass over: a misspelt context deploys to the current one.
 *
 * @param keys of all settings, with what is in front of the colon
 * @throws {CodedError} SETTINGS_INVALID
 */
export function refuseUnknownProviderSettings(stack: string, keys: readonly string[]): void {
  const problems = keys
    .filter((key) => key.startsWith(NAMESPACE))
    .map((key) => key.slice(NAMESPACE.length))
    .filter((name) => !PROVIDER_SETTINGS.includes(name))
    .map((name) =>
      describeProblem({
        subject: `Setting '${NAMESPACE}${name}'`,
        rule: `must be one of ${quotedList(PROVIDER_SETTINGS)}`,
        given: quoted(name),
        fix: `${didYouMean(name, PROVIDER_SETTINGS)}rename or remove it in Pulumi.${stack}.yaml (pulumi config rm ${NAMESPACE}${name})`,
      }),
    );
  if (problems.length > 0) {
    throw new CodedError('SETTINGS_INVALID', problems.join('\n'), { problems });
  }
}
