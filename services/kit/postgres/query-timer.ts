import { currentScope } from '../call-scope.ts';
import { RpcError } from '../rpc/rpc-error.ts';
import type { Runtime } from '../runtime.ts';
import { ATTRIBUTES } from '../telemetry/names.ts';
import { endSpan } from '../telemetry/tracing.ts';

/** Runs a named operation and notes how long it took. */
export type QueryTimer = <T>(operation: string, work: () => Promise<T>) => Promise<T>;

const SYSTEM = 'postgresql';

/**
 * A timer of a database's operations, with a client span for each. Names come from the code, never
 * from data, so there are few.
 */
export function queryTimer(
  { metrics, tracing }: Pick<Runtime, 'metrics' | 'tracing'>,
  database: string,
): QueryTimer {
  return async (operation, work) => {
    const startMs = performance.now();
    const span = tracing.startSpan(operation, 'client', currentScope()?.span, {
      [ATTRIBUTES.dbSystemName]: SYSTEM,
      [ATTRIBUTES.dbNamespace]: database,
      [ATTRIBUTES.dbOperationName]: operation,
    });
    let errorType = '';
    try {
      return await work();
    } catch (error) {
      errorType = error instanceof RpcError ? error.status : '_OTHER';
      throw error;
    } finally {
      endSpan(span, errorType === '' ? undefined : errorType);
      metrics.databaseOperation
        .labels(SYSTEM, database, operation, errorType)
        .observe((performance.now() - startMs) / 1_000);
    }
  };
}
