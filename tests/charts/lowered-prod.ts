import { awsNouns } from '@meridian/components/aws/aws-nouns.ts';
import { cloudRightsOf } from '@meridian/components/aws/cloud-rights.ts';
import type { PolicyStatement } from '@meridian/components/aws/policy-document.ts';
import { enginesOf } from '@meridian/components/kubernetes/kubernetes-nouns.ts';
import { lowerPods } from '@meridian/components/kubernetes/lower-kubernetes.ts';
import { landed } from '@meridian/components/model/landed.ts';
import { platform } from '../../infra/platform-graph.ts';
import { EXAMPLE_ACCOUNT, prodSettings } from '../../stacks/prod.ts';

/** An account that is nobody's, and no further settings. */
export const prodSettingsOfNobody = prodSettings({
  'aws:region': 'us-east-1',
  'aws:allowedAccountIds': `["${EXAMPLE_ACCOUNT}"]`,
});
/** The graph of production. */
export const prodGraph = landed(platform(prodSettingsOfNobody));
const migrations = Object.fromEntries(
  prodGraph.services.flatMap(({ stores }) =>
    stores.flatMap((store) => ('migrations' in store ? [[store.migrations, 'migrations']] : [])),
  ),
);
const nouns = awsNouns(prodSettingsOfNobody);
const context = {
  ...{ graph: prodGraph, settings: prodSettingsOfNobody },
  version: '0.0.0',
  migrations,
};
/** Production as it is lowered there. */
export const stack = lowerPods(context, nouns);

/** What the pods of a workload may use of AWS, by what all engines say. */
export function grantsOf(workload: string): readonly PolicyStatement[] {
  return cloudRightsOf({ ...context, engines: enginesOf(nouns) }, workload).Statement;
}
