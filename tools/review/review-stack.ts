import { isDeepStrictEqual } from 'node:util';
import { CodedError } from '@meridian/language/coded-error.ts';
import type { DeclaredPlatform } from '../../infra/declared-file.ts';
import type { AskedOfEngine } from '../language-host/program-sandbox.ts';
import type { StepMetadata } from '../meridian/rehearsal/engine-events.ts';
import { costReview } from './cost-findings.ts';
import { differingProperties } from './digest/differing-properties.ts';
import type { Differing } from './digest/differing-properties.ts';
import { operationsOf } from './digest/planned-operation.ts';
import type { PlannedOperation } from './digest/planned-operation.ts';
import { withIgnored } from './digest/ignored-inputs.ts';
import { digestOf } from './digest/review-digest.ts';
import { failedReview } from './failed-review.ts';
import type { Finding } from './finding.ts';
import { graphFindings } from './graph/graph-findings.ts';
import { isDeclaredPlatform } from './graph/is-declared-platform.ts';
import { heldBase } from './held-base.ts';
import type { HeldBase } from './held-base.ts';
import { hooksNotRun } from './hooks-not-run.ts';
import { alertCounts, judgedFindings } from './judged-findings.ts';
import type { ChangedLines } from './positions/changed-lines.ts';
import { objectMakers } from './positions/object-makers.ts';
import { fromNothing, overBase } from './rehearsals.ts';
import type { RehearsalPlace } from './rehearsals.ts';
import { resourceFindings } from './resources/resource-findings.ts';
import { resourceTotals } from './resources/resource-totals.ts';
import { ruleFindings } from './resources/rule-findings.ts';
import { settingsOnce, toldOnce } from './resources/told-once.ts';
import { unexplained } from './resources/unexplained.ts';
import type { FailedReview, StackReview } from './stack-review.ts';
import type { PreparedTree } from './trees/prepared-tree.ts';

/** What is reviewed: two trees, and what follows from their files alone, whatever the stack. */
export interface ReviewedChange {
  readonly base: PreparedTree;
  readonly head: PreparedTree;
  readonly changed: ChangedLines;
  readonly ofFiles: readonly Finding[];
}

/** A review, and the operations that its digest is of. */
export interface MadeReview {
  readonly review: StackReview;
  readonly operations: readonly PlannedOperation[];
}

/** What no review looks at yet. */
const NOT_ASSESSED = 'ZONES: that the platform outlives each zone is not proven by a review';

/** Said where a stack has resources of a cloud. */
const NOT_ASKED =
  'CLOUD: this was not checked by AWS or Cloudflare; quotas, rights and names that are taken do not show';

/** Reviews what a change does to one stack; what cannot be reviewed is told, and not thrown. */
export async function reviewStack(
  place: RehearsalPlace,
  change: ReviewedChange,
): Promise<MadeReview | FailedReview> {
  const { base, head } = change;
  const overHeld = async () => {
    const held = await heldBase(place, base);
    return { held, over: await overBase(place, held.base, head) };
  };
  // Both end before anything is told, so that none is left behind.
  const [ofBase, alone] = await Promise.allSettled([overHeld(), fromNothing(place, head)]);
  try {
    if (alone.status === 'rejected') throw alone.reason;
    if (ofBase.status === 'rejected') throw ofBase.reason;
    const { held, over } = ofBase.value;
    return judge(place, change, {
      steps: over.steps,
      fromNothing: alone.value.steps,
      held,
      after: headDeclared(over.declared),
      asked: over.asked,
    });
  } catch (cause) {
    return failedReview(place.stack, cause, change.changed);
  }
}

/** All that was found out of a change. */
interface Facts {
  readonly steps: readonly StepMetadata[];
  readonly fromNothing: readonly StepMetadata[];
  readonly held: HeldBase;
  readonly after: DeclaredPlatform;
  /** By the head. */
  readonly asked: AskedOfEngine;
}

function judge(
  { stack, judge: { commit } }: RehearsalPlace,
  { base, head, changed, ofFiles }: ReviewedChange,
  { steps, fromNothing: alone, held, after, asked }: Facts,
): MadeReview {
  const before = held.base === undefined ? undefined : declaredIn(held.base.declared);
  const graph = before === undefined ? [] : graphFindings(before, after);
  const protectedResources = held.base?.protectedResources ?? [];
  const rules = ruleFindings(steps, new Set(protectedResources.map(({ urn }) => urn)));
  const resources =
    held.base === undefined
      ? rules.findings
      : unexplained(
          resourceFindings(steps, {
            protectedResources,
            ...(before === undefined
              ? {}
              : { declared: { base: before.graph, head: after.graph } }),
          }),
          graph,
        );
  const told = settingsOnce(ofFiles, resources);
  const given = withIgnored(alone, steps, asked.ignored);
  const unstable = differingProperties(given, steps);
  const cost = costReview(stack, steps);
  const findings = judgedFindings(
    [
      ...held.problems,
      ...(held.base !== undefined && before === undefined ? [undeclaredBase(stack)] : []),
      ...told.files,
      ...toldOnce(graph, told.objects),
      ...cost.findings,
      ...(unstable.count === 0 ? [] : [notDeterministic(stack, unstable)]),
    ],
    {
      base: before?.positions ?? {},
      head: after.positions,
      changed,
      makers: objectMakers(head.folder),
    },
  );
  const digested = { stack, steps, fromNothing: given, graphFindings: graph, verdicts: findings };
  return {
    operations: operationsOf(steps, given),
    review: {
      schemaVersion: 1,
      stack,
      base: base.commit,
      head: head.commit,
      judge: commit,
      ...(unstable.count === 0 ? { digest: digestOf(digested) } : {}),
      totals: resourceTotals(steps),
      findings,
      olderViolations: rules.olderViolations,
      alerts: alertCounts(findings),
      notAssessed: [
        NOT_ASSESSED,
        cost.said,
        ...(steps.some(({ type }) => /^(?:aws|cloudflare):/.test(type)) ? [NOT_ASKED] : []),
        ...hooksNotRun(asked.hooks),
      ],
      isSame:
        before !== undefined &&
        // Contracts, access tables and alerts are beside the graph.
        graph.length === 0 &&
        isDeepStrictEqual(before.graph, after.graph) &&
        steps.every(({ op }) => op === 'same'),
    },
  };
}

/** What a program declares; it wrote that itself, so it is looked at before it is believed. */
function declaredIn(written: unknown): DeclaredPlatform | undefined {
  return isDeclaredPlatform(written) ? written : undefined;
}

function headDeclared(written: unknown): DeclaredPlatform {
  const declared = declaredIn(written);
  if (declared !== undefined) return declared;
  throw new CodedError(
    'HEAD_DECLARES_NOTHING',
    'Program: must write what it declares to the file of MERIDIAN_DECLARED_FILE, got none that can be read; it is older than reviews are, or infra/prepare.ts does not do it',
  );
}

function undeclaredBase(stack: string): Finding {
  return {
    kind: 'not-assessed',
    subject: `graph of stack ${stack}`,
    among: 'graphs',
    consequence: 'the base does not say what it declares; resources alone are compared',
  };
}

function notDeterministic(stack: string, { properties, count }: Differing): Finding {
  const others = count - properties.length;
  return {
    kind: 'not-deterministic',
    subject: `stack ${stack}`,
    among: 'stacks',
    consequence: `two runs of the program differ in ${properties.join(', ')}${others > 0 ? ` and ${others} more` : ''}; there is no digest to approve`,
  };
}
