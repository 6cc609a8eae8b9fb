const RELEASE = 'kubernetes:helm.sh/v3:Release';

/**
 * Inputs of a release of Helm without what the provider adds to them and the program has not said: each input that it knows,
 * as false or as an empty text. What says to the provider of which kind its SDK is, it takes away. Inputs of anything else as they are.
 *
 * Source: pulumi-kubernetes 4.25.0, provider/pkg/provider/helm_release.go, Check, which keeps a Go struct with all of its fields
 */
export function releaseAsGiven(
  type: string,
  inputs: Readonly<Record<string, unknown>>,
): Readonly<Record<string, unknown>> {
  if (type !== RELEASE) return inputs;
  return Object.fromEntries(
    Object.entries(inputs).filter(
      ([input, value]) => input !== 'compat' && value !== false && value !== '' && value !== null,
    ),
  );
}
