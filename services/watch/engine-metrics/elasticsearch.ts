import { ENGINE_METRICS } from '@meridian/language/engine-metrics.ts';
import { readElasticsearchBinding } from '@meridian/kit/elasticsearch/binding.ts';
import { ElasticsearchConnection } from '@meridian/kit/elasticsearch/connection.ts';
import type { Runtime } from '@meridian/kit/runtime.ts';
import { gauge } from '@meridian/kit/telemetry/registered.ts';
import { Identity } from '@meridian/kit/tls/identity.ts';
import type { EnginePoll } from './engine-poll.ts';

const STATUSES = ['green', 'yellow', 'red'] as const;
const TIMEOUT_MS = 3_000;

/** Elasticsearch, by the binding of that name. */
export function elasticsearchPoll(runtime: Runtime, name: string): EnginePoll {
  const binding = readElasticsearchBinding(runtime.bindings, name, runtime.workingFolder);
  const identity = Identity.open(binding.tlsFolder);
  const connection = new ElasticsearchConnection(binding, identity);
  runtime.onRelease(`elasticsearch '${name}'`, () => {
    connection.close();
    identity.close();
  });
  const { registry } = runtime.metrics;
  const status = gauge(registry, {
    name: ENGINE_METRICS.elasticsearchStatus.name,
    help: '1 for the status of the cluster',
  });
  const unassigned = gauge(registry, {
    name: ENGINE_METRICS.elasticsearchUnassignedShards.name,
    help: 'Shards that no node has',
  });
  const node = 'elasticsearch';
  return {
    engine: 'elasticsearch',
    nodes: [node],
    ask: async () => {
      const answer = await connection.send(
        { method: 'GET', path: '/_cluster/health' },
        AbortSignal.timeout(TIMEOUT_MS),
      );
      const health = answer.body as Partial<Health>;
      if (answer.status !== 200 || health.status === undefined) {
        throw new Error(`the cluster's health was answered with ${answer.status}`);
      }
      const show = () => {
        for (const each of STATUSES) status.set({ status: each }, each === health.status ? 1 : 0);
        unassigned.set(health.unassigned_shards ?? 0);
      };
      return { there: [node], show };
    },
    forget: () => {
      status.reset();
      unassigned.remove();
    },
  };
}

/** What of the answer is read. Source: Elasticsearch 8.19, "Cluster health API". */
interface Health {
  readonly status: (typeof STATUSES)[number];
  readonly unassigned_shards: number;
}
