import { landed } from '@meridian/components/model/landed.ts';
import { platform } from '../../../infra/platform-graph.ts';
import { localSettings } from '../../../stacks/local.ts';
import { openStores } from '../../telemetry/stores/open-stores.ts';
import { findTraces } from '../../telemetry/trace/find-trace.ts';
import { traceText } from '../../telemetry/trace/trace-text.ts';
import { printJson } from '../output/print-json.ts';

/** Options of `meridian trace`. */
export interface TraceOptions {
  readonly json?: boolean;
}

/**
 * Tells a request and all that it caused: the spans of its trace and of those that are linked to it over Kafka, in both
 * directions, as trees over services with the log lines that were written in them.
 *
 * @param id of a trace, a request or an order
 * @throws {CodedError} PLATFORM_NOT_RUNNING, TELEMETRY_ABSENT, TRACE_UNKNOWN
 * @throws {CodedError} TELEMETRY_UNREACHABLE, TELEMETRY_REFUSED, KAFKA_UNREACHABLE
 */
export async function trace(id: string, { json }: TraceOptions): Promise<number> {
  await using stores = await openStores();
  const { topics } = landed(platform(localSettings({})));
  const traces = await findTraces(stores, id, topics);
  if (json === true) printJson<'trace'>({ id, traces });
  else process.stdout.write(`${traceText(traces)}\n`);
  return 0;
}
