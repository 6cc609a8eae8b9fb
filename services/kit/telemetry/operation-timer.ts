import { currentScope } from '../call-scope.ts';
import type { Runtime } from '../runtime.ts';
import { ATTRIBUTES, METRICS } from './names.ts';
import { durations } from './registered.ts';
import { endSpan } from './tracing.ts';

/** Runs a named operation of an engine and notes how long it took. */
export type OperationTimer = <T>(operation: string, work: () => Promise<T>) => Promise<T>;

/** Which engine is timed. */
export interface TimedEngine {
  /** As the semantic conventions name it (`db.system.name`): 'postgresql', 'redis'. */
  readonly system: string;
  /** Database or key space. */
  readonly namespace: string;
  /** What an error is called in metrics and spans (`error.type`); a few words only. */
  readonly errorType: (error: unknown) => string;
}

/**
 * A timer of an engine's operations, with a client span for each. Names come from the code, never
 * from data, so there are few.
 */
export function operationTimer(
  { metrics, tracing }: Pick<Runtime, 'metrics' | 'tracing'>,
  { system, namespace, errorType }: TimedEngine,
): OperationTimer {
  const duration = durations(metrics.registry, {
    name: METRICS.dbClientOperationDuration,
    help: 'Duration of database operations',
  });
  return async (operation, work) => {
    const startMs = performance.now();
    const span = tracing.startSpan(operation, 'client', currentScope()?.span, {
      [ATTRIBUTES.dbSystemName]: system,
      [ATTRIBUTES.dbNamespace]: namespace,
      [ATTRIBUTES.dbOperationName]: operation,
    });
    let failure = '';
    try {
      return await work();
    } catch (error) {
      failure = errorType(error);
      throw error;
    } finally {
      endSpan(span, failure === '' ? undefined : failure);
      duration
        .labels(system, namespace, operation, failure)
        .observe((performance.now() - startMs) / 1_000);
    }
  };
}
