import { CodedError } from '@meridian/language/coded-error.ts';
import type { StepMetadata } from '../../meridian/rehearsal/engine-events.ts';
import { compareOperations } from '../digest/compare-operations.ts';
import type { Drift, PropertyDifference } from '../digest/compare-operations.ts';
import { operationsOf } from '../digest/planned-operation.ts';
import { shownText } from '../report/shown-text.ts';
import type { PlannedOperation } from '../digest/planned-operation.ts';

/** What somebody has approved, and what a review of the tree says now. */
export interface Approval {
  readonly stack: string;
  /** 'sha256:…', as the report of the review that was approved has it. */
  readonly approved: string;
  /** The digest of the drift that is accepted, if any is. */
  readonly accepted?: string;
  /** Of the review that was made just now; absent where two runs of the program differ. */
  readonly digest?: string;
  readonly operations: readonly PlannedOperation[];
}

/** Something that can ask real providers, and deploy what they said. */
export interface Deployment {
  preview(): Promise<readonly StepMetadata[]>;
  up(): Promise<void>;
}

/**
 * Deploys what was approved: the tree must be what was reviewed, and the real providers must want to do what was
 * reviewed and nothing besides.
 *
 * @param tell takes what is said meanwhile
 * @throws {CodedError} APPROVAL_DIFFERS, DRIFT_NOT_ACCEPTED, and what the deployment throws
 */
export async function deployApproved(
  approval: Approval,
  deployment: Deployment,
  tell: (line: string) => void,
): Promise<void> {
  const { stack, approved, accepted, digest, operations } = approval;
  if (digest !== approved) {
    throw new CodedError(
      'APPROVAL_DIFFERS',
      `Approval '${approved}': must be of what this tree does to stack '${stack}', which is ${digest ?? 'not the same twice'}; nothing was deployed. Review again and have that approved`,
    );
  }
  tell(`Approved: ${approved}. Asking the providers of stack '${stack}'.`);
  const drift = compareOperations(operations, operationsOf(await deployment.preview()));
  linesOf(drift).forEach(tell);
  if (drift.digest !== accepted) {
    throw new CodedError(
      'DRIFT_NOT_ACCEPTED',
      drift.digest === undefined
        ? `Drift '${accepted ?? ''}': must be what the providers of stack '${stack}' say, got none; nothing was deployed. Leave --accept out`
        : `Stack '${stack}': ${drift.differences.length} operations must be those that were reviewed, got others (above); nothing was deployed. If they are right, add --accept ${drift.digest}`,
    );
  }
  await deployment.up();
}

/** How many are told one by one. */
const TOLD = 40;

/** How many properties of a resource are told, and how much of a value. */
const TOLD_PROPERTIES = 5;
const TOLD_LENGTH = 80;

function linesOf({ differences }: Drift): readonly string[] {
  const lines = differences.map(
    ({ urn, approved, real, properties }) =>
      `DRIFT  ${urn}: approved ${approved}, would ${real}${propertiesText(properties)}`,
  );
  return lines.length <= TOLD
    ? lines
    : [...lines.slice(0, TOLD), `DRIFT  and ${lines.length - TOLD} more`];
}

function propertiesText(properties: readonly PropertyDifference[]): string {
  if (properties.length === 0) return '';
  const told = properties
    .slice(0, TOLD_PROPERTIES)
    .map(
      ({ path: property, approved, real }) =>
        `${shownText(property)}: ${text(approved)} → ${text(real)}`,
    );
  const left = properties.length - told.length;
  return ` (${told.join(', ')}${left > 0 ? `, and ${left} more` : ''})`;
}

function text(value: unknown): string {
  return value === undefined ? 'nothing' : shownText(JSON.stringify(value), TOLD_LENGTH);
}
