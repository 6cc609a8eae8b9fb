import { isDeepStrictEqual } from 'node:util';
import type { EngineEvent, StepMetadata } from './rehearsal/engine-events.ts';

/** What a deployment has done. */
export interface Changes {
  /** Resources by what Pulumi did with them. */
  readonly operations: Readonly<Record<string, number>>;
  /** Updates that changed nothing but that what had been stopped runs again. */
  readonly startedAgain: number;
}

/** Sums up what the engine told of a deployment. */
export function changesOf(events: readonly EngineEvent[]): Changes {
  const operations = events.findLast(({ summaryEvent }) => summaryEvent !== undefined)?.summaryEvent
    ?.resourceChanges;
  const updates = events.flatMap(({ resOutputsEvent }) =>
    resOutputsEvent?.metadata.op === 'update' ? [resOutputsEvent.metadata] : [],
  );
  return {
    operations: operations ?? {},
    startedAgain: updates.filter(isStart).length,
  };
}

/** Says it in a line. */
export function describeChanges({ operations, startedAgain }: Changes): string {
  const { same = 0, update = 0, ...others } = operations;
  const changed = Object.entries({ update: update - startedAgain, ...others })
    .filter(([, count]) => count > 0)
    .map(([operation, count]) => `${count} ${operation}`);
  if (changed.length === 0 && startedAgain === 0) {
    return `Nothing changed: all ${same} resources are as the program says.`;
  }
  return [
    ...(startedAgain === 0 ? [] : [`Started again: ${startedAgain} agents and processes`]),
    `${startedAgain === 0 ? 'Changed' : 'changed'}: ${changed.join(', ') || 'nothing'}`,
    `unchanged: ${same}.`,
  ].join('; ');
}

/** Whether a refresh had found it stopped, and it differed in nothing else from the program. */
function isStart({ old, new: wanted }: StepMetadata): boolean {
  const { state, ...before } = old?.inputs ?? {};
  const { state: wantedState, ...after } = wanted?.inputs ?? {};
  return state === 'stopped' && wantedState === 'running' && isDeepStrictEqual(before, after);
}
