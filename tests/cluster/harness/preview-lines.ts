import {
  partsOfUrn,
  type EngineEvent,
  type StepMetadata,
} from '../../../tools/meridian/rehearsal/engine-events.ts';
import { valueAt } from '../../../tools/meridian/rehearsal/value-at.ts';

const TOLD: ReadonlySet<string> = new Set(['create', 'update', 'replace', 'delete']);

/** What the engine tells in place of a secret, alone or in an object. */
const SECRET = '"[secret]"';

/**
 * What a preview says, a line for each resource that comes, goes or changes and for each field that is given another value.
 * What is told besides, as what a chart renders, is not what the program gives.
 */
export function previewLines(events: readonly EngineEvent[]): readonly string[] {
  return events
    .flatMap(({ resourcePreEvent }) => resourcePreEvent?.metadata ?? [])
    .filter(({ op }) => TOLD.has(op))
    .flatMap(linesOf)
    .toSorted();
}

function linesOf(step: StepMetadata): readonly string[] {
  const head = `${step.op} ${partsOfUrn(step.urn).name}`;
  if (step.op === 'create' || step.op === 'delete') return [head];
  const fields = Object.keys(step.detailedDiff ?? {}).flatMap((property) => {
    const [before, after] = [step.old, step.new].map((state) =>
      JSON.stringify(valueAt(state?.inputs, property)),
    );
    const field = `${head} ${plain(property)}`;
    if (after?.includes(SECRET) ?? false) return [`${field}: a secret`];
    return before === after ? [] : [`${field}: ${before ?? ''} → ${after ?? ''}`];
  });
  return [head, ...fields];
}

/** A key in quotes is told without them by some: `labels["app"]`, `labels.app`. */
function plain(property: string): string {
  return property.replaceAll(/\["([^"]*)"\]/g, '.$1');
}
