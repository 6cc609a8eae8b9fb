import { hasUnknown } from './property-values.ts';
import type { Properties } from './property-values.ts';
import type { RehearsedChange } from './rehearsed-resource.ts';

/**
 * What another configuration of a provider does to what it has made. Another cluster has none of the objects, so each is made again
 * in it; anything else changes nothing: a provider of AWS may be told another region, and every resource keeps its own.
 * Sources: pulumi-kubernetes 4.34, provider.go, DiffConfig (clusterIdentifier); pulumi-aws pull request 5656, which took the
 * replacement by region away for version 7
 *
 * @param type such as 'pulumi:providers:kubernetes'
 */
export function configurationChanges(
  type: string,
  before: Properties,
  after: Properties,
): readonly RehearsedChange[] {
  const [old, wanted] = [before['clusterIdentifier'], after['clusterIdentifier']];
  if (type !== 'pulumi:providers:kubernetes' || old === undefined || old === wanted) return [];
  return [
    {
      path: ['clusterIdentifier'],
      kind: wanted === undefined ? 'delete' : 'update',
      // An identity that only a deployment will know may be the same one.
      replaces: wanted !== undefined && !hasUnknown(wanted),
      ofInputs: true,
    },
  ];
}
