import type { ShownResource } from '@meridian/provider-rehearsal/unasked-objects.ts';
import type { EngineEvent, StepMetadata } from './engine-events.ts';

/** What the engine would make, as it shows it. */
export function shownResources(events: readonly EngineEvent[]): readonly ShownResource[] {
  return lastSteps(events).flatMap(({ urn, type, new: wanted }) =>
    wanted?.inputs === undefined ? [] : [{ urn, type, inputs: wanted.inputs }],
  );
}

/** One step for each resource, the last word of the engine on it; sorted by URN. */
export function lastSteps(events: readonly EngineEvent[]): readonly StepMetadata[] {
  const steps = new Map<string, StepMetadata>();
  for (const { resourcePreEvent, resOutputsEvent } of events) {
    const step = (resOutputsEvent ?? resourcePreEvent)?.metadata;
    if (step === undefined || step.op === 'delete-replaced') continue;
    // A replacement is told twice; the one that creates knows what comes out of it.
    const op = step.op === 'create-replacement' ? 'replace' : step.op;
    const known = steps.get(step.urn);
    const outputs = step.new?.outputs ?? {};
    if (op === 'replace' && known?.op === 'replace' && Object.keys(outputs).length === 0) continue;
    steps.set(step.urn, { ...step, op });
  }
  return [...steps.values()].toSorted((one, other) => (one.urn < other.urn ? -1 : 1));
}
