import { edgeService } from '../../model/call-order.ts';
import type { PlatformGraph } from '../../model/graph.ts';
import { threshold, unlessCaused } from './alert.ts';
import type { Alert } from './alert.ts';
import { lately, nothingSeen } from './causes.ts';
import { promql } from './promql.ts';
import type { Duration, Query } from './promql.ts';

/** What other alerts read, and how it is told that nobody says it. */
export interface Unseen extends Pick<Alert, 'name' | 'feels' | 'runbook' | 'limit'> {
  /** Each without a label; in parentheses where it is more than a call of a function. */
  readonly reads: readonly Query[];
  /** Longer than whoever says it takes to be started elsewhere. */
  readonly span: Duration;
}

/** That of something nothing is known, so that what other alerts would say of it is not said. */
export function unseenAlert(
  graph: PlatformGraph,
  { name, feels, runbook, limit, reads, span }: Unseen,
): Alert {
  const [first = promql`vector(0)`, ...others] = reads.map(
    (read) => promql`(${read} * 0 or vector(1))`,
  );
  const given = threshold({
    ...{ alert: name, service: graph.name, comparison: '>', limit: 0, span },
    value: others.reduce((sum, one) => promql`${sum} + ${one}`, first),
  });
  const firing = unlessCaused(given.firing, [lately(nothingSeen, span)]);
  return {
    ...{ name, feels, severity: 'ticket', runbook, unit: 'count', limit },
    of: [{ service: graph.name, owner: edgeService(graph).owner, ...given, firing }],
  };
}
