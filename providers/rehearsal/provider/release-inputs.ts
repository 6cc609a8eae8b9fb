import { hasUnknown, isRecord, revealed } from './property-values.ts';
import type { Properties } from './property-values.ts';

type InputType = 'text' | 'number' | 'boolean' | 'object';

/** What a release can be given. Source: @pulumi/kubernetes 4, helm.v3.ReleaseArgs. */
const INPUTS: Readonly<Record<string, InputType>> = {
  allowNullValues: 'boolean',
  atomic: 'boolean',
  chart: 'text',
  cleanupOnFail: 'boolean',
  // Set by the SDK itself.
  compat: 'text',
  createNamespace: 'boolean',
  description: 'text',
  devel: 'boolean',
  disableCRDHooks: 'boolean',
  disableOpenapiValidation: 'boolean',
  disableWebhooks: 'boolean',
  forceUpdate: 'boolean',
  lint: 'boolean',
  maxHistory: 'number',
  name: 'text',
  namespace: 'text',
  recreatePods: 'boolean',
  replace: 'boolean',
  repositoryOpts: 'object',
  resetValues: 'boolean',
  reuseValues: 'boolean',
  skipAwait: 'boolean',
  skipCrds: 'boolean',
  takeOwnership: 'boolean',
  timeout: 'number',
  values: 'object',
  version: 'text',
  waitForJobs: 'boolean',
};

/** Without them the real provider invents names, or Helm takes whatever is newest. */
const NEEDED = ['chart', 'name', 'namespace', 'version'];

/** What is wrong with the inputs of a release, without a look at its chart. */
export function releaseProblems(given: Properties): readonly string[] {
  const inputs = revealed(given) as Properties;
  const missing = NEEDED.filter((input) => inputs[input] === undefined).map(
    (input) => `${input}: must be set to be rehearsed`,
  );
  const wrong = Object.entries(inputs).flatMap(([input, value]) => {
    if (value === undefined) return [];
    const type = Object.hasOwn(INPUTS, input) ? INPUTS[input] : undefined;
    if (type === undefined) return [`${input}: is not an input of a release that can be rehearsed`];
    return hasUnknown(value) || isOfType(value, type) ? [] : [`${input}: must be a ${type}`];
  });
  return [...missing, ...wrong, ...sourceProblems(inputs)];
}

/** A chart is in a folder, in a registry (oci://), or in a repository whose address is given. */
function sourceProblems({ chart, repositoryOpts }: Properties): readonly string[] {
  if (typeof chart !== 'string' || hasUnknown(chart)) return [];
  const repository = isRecord(repositoryOpts) ? repositoryOpts['repo'] : undefined;
  if (/^([./]|oci:\/\/|https:\/\/)/.test(chart) || repository !== undefined) return [];
  return [
    `chart: must be a folder ('./…'), an address or a name with repositoryOpts.repo, got '${chart}'`,
  ];
}

function isOfType(value: unknown, type: InputType): boolean {
  switch (type) {
    case 'text':
      return typeof value === 'string';
    case 'object':
      return isRecord(value);
    case 'number':
    case 'boolean':
      return typeof value === type;
  }
}
