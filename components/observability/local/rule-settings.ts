import type { LoweringContext } from '../../local/lowering.ts';
import { replicaCounts } from '../../local/replica-count.ts';
import type { RuleSettings } from '../rules/rules.ts';

/** What this platform decides about rules: copies of PostgreSQL's data are made by hand here. */
export function localRuleSettings({
  graph,
  settings,
}: Pick<LoweringContext, 'graph' | 'settings'>): RuleSettings {
  return {
    replicas: replicaCounts(graph, settings),
    certificateLifetimeSeconds: settings.leafLifetimeSeconds,
    ...(settings.postgresArchive ? { archive: {} } : {}),
  };
}
