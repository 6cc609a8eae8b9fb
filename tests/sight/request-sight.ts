import { platform } from '../../infra/platform-graph.ts';
import { localSettings } from '../../stacks/local.ts';
import type { VictoriaLogs } from '../../tools/telemetry/stores/victorialogs.ts';
import { LineStore } from './line-store.ts';
import { askedTraces, recordedRequests } from './recorded-requests.ts';
import { requestConsumers } from './request-consumers.ts';
import type { AskedRequest, RequestConsumer } from './request-consumers.ts';
import { requestMutants } from './request-mutants.ts';
import type { RequestMutant } from './request-mutants.ts';

/** What was recorded of requests, and whoever reads it. */
export const recorded = recordedRequests();
export const mutants: readonly RequestMutant[] = requestMutants(recorded);
export const consumers: readonly RequestConsumer[] = requestConsumers(
  platform(localSettings({})),
  purchase(),
);

/** The request of a purchase, by the line that the gateway writes of each. */
function purchase(): AskedRequest {
  const traces = new Set(recorded.traces.map(({ traceID }) => traceID));
  const found = recorded.lines.flatMap((line) => {
    const { trace_id: traceId = '', request_id: requestId, verb, route } = line;
    const isPurchase = verb === 'POST' && route === '/v1/orders' && traces.has(traceId);
    return isPurchase && requestId !== undefined ? [{ traceId, requestId }] : [];
  });
  const failed = recorded.lines.find(
    ({ _msg: message, trace_id: id = '' }) => message === 'a call failed' && traces.has(id),
  );
  const [first] = found;
  const { trace_id: failedTraceId } = failed ?? {};
  if (first === undefined || failedTraceId === undefined) {
    throw new Error('A purchase and a failed call must be recorded, see tools/sight/record.ts');
  }
  return { ...first, failedTraceId };
}

/** What consumers say, by their names. */
type Answers = ReadonlyMap<string, string>;

/** Consumers of spans and lines over what was recorded, whose lines are in a store as a platform's are. */
export class RequestSight implements AsyncDisposable {
  readonly #store: LineStore;
  readonly #lines: VictoriaLogs;
  /** What consumers say where nothing is taken away. */
  readonly before: Answers;

  private constructor(store: LineStore, lines: VictoriaLogs, before: Answers) {
    this.#store = store;
    this.#lines = lines;
    this.before = before;
  }

  static async open(): Promise<RequestSight> {
    const store = await LineStore.start();
    const lines = await store.logOf(recorded.lines);
    const stores = { jaeger: askedTraces(recorded.traces), victorialogs: lines };
    return new RequestSight(store, lines, await answers(stores));
  }

  /** Those who say something else than before, or nothing, where a mutant is what is emitted. */
  async blinded(mutant: RequestMutant): Promise<readonly string[]> {
    const { traces, lines } = mutant.change(recorded);
    const after = await answers({
      jaeger: askedTraces(traces),
      victorialogs: mutant.of === 'lines' ? await this.#store.logOf(lines) : this.#lines,
    });
    return consumers
      .map(({ name }) => name)
      .filter((name) => after.get(name) !== this.before.get(name));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#store[Symbol.asyncDispose]();
  }
}

async function answers(stores: Parameters<RequestConsumer['ask']>[0]): Promise<Answers> {
  const all = new Map<string, string>();
  for (const { name, ask } of consumers) all.set(name, await ask(stores).catch(String));
  return all;
}
