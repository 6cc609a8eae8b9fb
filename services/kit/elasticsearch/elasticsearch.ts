import { setTimeout as delay } from 'node:timers/promises';
import { settleInBackground } from '../background.ts';
import { currentScope } from '../call-scope.ts';
import type { Runtime } from '../runtime.ts';
import { operationTimer } from '../telemetry/operation-timer.ts';
import type { OperationTimer } from '../telemetry/operation-timer.ts';
import { Identity } from '../tls/identity.ts';
import { observeIdentity } from '../tls/observe-identity.ts';
import { readElasticsearchBinding } from './binding.ts';
import { Circuit } from './circuit.ts';
import { ElasticsearchConnection } from './connection.ts';
import type { ElasticsearchAnswer, ElasticsearchRequest } from './connection.ts';
import { failureName, refusal, unavailable } from './elasticsearch-error.ts';

/** How long requests and probes wait. */
export interface ElasticsearchOptions {
  /** Of a request that does not say otherwise. @default 1000 */
  readonly timeoutMs?: number;
  /** Between probes. @default 1000 */
  readonly probeIntervalMs?: number;
}

/** One request with its limits. */
export interface RequestOptions extends ElasticsearchRequest {
  readonly timeoutMs?: number;
  /** Statuses that are answers besides those of success, such as 404. */
  readonly allowed?: readonly number[];
  /** Throws where an answer of success has a refusal in it, such as of one item of many: the request has failed then. */
  readonly refuse?: (answer: ElasticsearchAnswer) => void;
}

/** An index of Elasticsearch, with what is built beside it. */
export interface Elasticsearch {
  /** The alias that searches use. */
  readonly index: string;
  /** Whether a request would be sent now; when not, it fails at once. */
  readonly isThere: boolean;
  /**
   * Sends a request under the name of an operation, for metrics. Throws UNAVAILABLE when Elasticsearch is
   * away, slow or overloaded, and an ElasticsearchError for what is wrong with the request.
   */
  request(operation: string, request: RequestOptions): Promise<ElasticsearchAnswer>;
}

/**
 * Opens the index of a binding: over TLS 1.3 with the client certificate of the binding's folder, the
 * server verified by its address, and user and password of the binding. While Elasticsearch is away
 * every request fails at once and the process is degraded; nobody's start waits for it. It is closed when
 * the process leaves. Throws a CodedError.
 */
export function openElasticsearch(
  runtime: Runtime,
  name: string,
  options: ElasticsearchOptions = {},
): Elasticsearch {
  const binding = readElasticsearchBinding(runtime.bindings, name, runtime.workingFolder);
  const identity = Identity.open(binding.tlsFolder);
  observeIdentity(identity, binding.tlsFolderName, { log: runtime.log, metrics: runtime.metrics });
  const index = new WatchedIndex(binding.index, {
    connection: new ElasticsearchConnection(binding, identity),
    log: runtime.log,
    timeoutMs: options.timeoutMs ?? 1_000,
    probeIntervalMs: options.probeIntervalMs ?? 1_000,
    timer: operationTimer(runtime, {
      system: 'elasticsearch',
      namespace: binding.index,
      errorType: failureName,
    }),
  });
  runtime.readiness.add(
    `elasticsearch ${name}`,
    () => {
      if (!index.isThere) throw new Error('elasticsearch is away');
    },
    'degrading',
  );
  runtime.onRelease(`elasticsearch '${name}'`, async () => {
    await index.close();
    identity.close();
  });
  return index;
}

interface Watched {
  readonly connection: ElasticsearchConnection;
  readonly log: Runtime['log'];
  readonly timer: OperationTimer;
  readonly timeoutMs: number;
  readonly probeIntervalMs: number;
}

class WatchedIndex implements Elasticsearch {
  readonly index: string;
  readonly #watched: Watched;
  readonly #circuit: Circuit;
  readonly #closed = new AbortController();
  readonly #probing: Promise<void>;

  constructor(index: string, watched: Watched) {
    this.index = index;
    this.#watched = watched;
    this.#circuit = new Circuit((isThere) => {
      if (this.#closed.signal.aborted) return;
      if (isThere) watched.log.info({ index }, 'elasticsearch is there');
      else watched.log.warn({ index }, 'elasticsearch is away');
    });
    this.#probing = settleInBackground('elasticsearch probe', () => this.#probe());
  }

  get isThere(): boolean {
    return this.#circuit.isThere;
  }

  request(operation: string, request: RequestOptions): Promise<ElasticsearchAnswer> {
    return this.#watched.timer(operation, async () => {
      if (!this.isThere) throw unavailable('away');
      const answer = await this.#send(request, request.timeoutMs ?? this.#watched.timeoutMs);
      const { status, body } = answer;
      if (status >= 300 && request.allowed?.includes(status) !== true) throw refusal(status, body);
      request.refuse?.(answer);
      return answer;
    });
  }

  async close(): Promise<void> {
    this.#closed.abort();
    await this.#probing;
    this.#watched.connection.close();
  }

  async #send(request: ElasticsearchRequest, timeoutMs: number): Promise<ElasticsearchAnswer> {
    const leftMs = (currentScope()?.deadlineMs ?? Infinity) - Date.now();
    const timeout = AbortSignal.timeout(Math.max(1, Math.min(timeoutMs, leftMs)));
    try {
      const answer = await this.#watched.connection.send(request, timeout);
      this.#circuit.answered();
      return answer;
    } catch (error) {
      if (!timeout.aborted) this.#circuit.lost();
      // Who had less time than a request may take says nothing of Elasticsearch.
      else if (leftMs >= timeoutMs) this.#circuit.timedOut();
      throw unavailable(timeout.aborted ? 'timeout' : 'away', error);
    }
  }

  /** Asks for the index by its name, which every role of one may; that it is absent is an answer too. */
  async #probe(): Promise<void> {
    const { connection, timeoutMs, probeIntervalMs } = this.#watched;
    const { signal } = this.#closed;
    while (!signal.aborted) {
      const timeout = AbortSignal.timeout(timeoutMs);
      const limit = AbortSignal.any([signal, timeout]);
      try {
        const { status } = await connection.send({ method: 'HEAD', path: `/${this.index}` }, limit);
        if (status === 200 || status === 404) this.#circuit.probed();
        else this.#circuit.lost();
      } catch {
        if (timeout.aborted) this.#circuit.timedOut();
        else this.#circuit.lost();
      }
      const waitMs = probeIntervalMs * (0.75 + Math.random() / 2);
      await delay(waitMs, undefined, { signal, ref: false }).catch(() => undefined);
    }
  }
}
