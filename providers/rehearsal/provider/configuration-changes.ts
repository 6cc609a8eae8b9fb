import { changesBetween } from './detailed-diff.ts';
import { hasUnknown } from './property-values.ts';
import type { Properties } from './property-values.ts';
import type { RehearsedChange } from './rehearsed-resource.ts';

/**
 * What another configuration of a provider is to it. Another cluster has none of the objects, so each is made again in it; by anything else
 * the provider is told something else and asked of each resource again: another region of AWS is among the inputs of each.
 * Sources: pulumi-kubernetes 4.34, provider.go, DiffConfig (clusterIdentifier); pulumi-aws pull request 5656, which took the
 * replacement of a whole provider by its region away for version 7, and provider/region.go
 *
 * @param type such as 'pulumi:providers:kubernetes'
 */
export function configurationChanges(
  type: string,
  before: Properties,
  after: Properties,
): readonly RehearsedChange[] {
  const [old, wanted] = [before['clusterIdentifier'], after['clusterIdentifier']];
  // An identity that only a deployment will know may be the same one.
  const isOther = old !== undefined && wanted !== undefined && !hasUnknown(wanted);
  return changesBetween(before, after).map((change) => ({
    ...change,
    replaces:
      type === 'pulumi:providers:kubernetes' && change.path[0] === 'clusterIdentifier' && isOther,
    ofInputs: true,
  }));
}
