import { METRIC_REGISTRY } from '@meridian/language/metrics.ts';
import type { Metric } from '@meridian/language/metrics.ts';
import type { CloudWatchSettings } from '../rules/cloud-alerts.ts';
import { STORE_BYTES } from '../rules/cloud-limits.ts';
import { promql, series } from '../rules/promql.ts';
import type { Matchers, Query } from '../rules/promql.ts';
import type { Board, BoardLine, BoardPanel, BoardRow, MetricPanel } from './board.ts';

/** What AWS says of what it manages, beside the limits at which somebody is told. */
export function cloudBoard(settings: CloudWatchSettings): Board {
  return {
    uid: 'meridian-cloud',
    title: 'What AWS manages',
    description:
      'How full, how far behind and how busy is it, as AWS told at most fifteen minutes ago?',
    rows: [
      databaseRow(settings),
      brokersRow(settings),
      cacheRow(settings),
      edgeRow(settings),
      clusterRow(settings),
    ],
  };
}

interface Told {
  readonly title: string;
  readonly description: string;
  readonly lines: readonly BoardLine[];
  readonly unit?: MetricPanel['unit'];
  readonly limit?: number;
}

const panel = ({ unit = 'count', ...told }: Told): BoardPanel => ({ kind: 'lines', unit, ...told });

/** A line for each value of a label of what AWS has told. */
const line = (
  metric: Pick<Metric, 'name'>,
  legend: string,
  matchers: Matchers = {},
  shown: (query: Query) => Query = (query) => query,
): BoardLine => ({ query: shown(promql`(${series(metric, matchers)} >= 0)`), legend });

const share = (query: Query): Query => promql`${query} / 100`;

function databaseRow({ postgres }: CloudWatchSettings): BoardRow {
  const of = { dimension_dbinstance_identifier: postgres.instances };
  const label = '{{dimension_dbinstance_identifier}}';
  const metrics = METRIC_REGISTRY;
  const left = (query: Query): Query => promql`${query} / ${postgres.storageBytes}`;
  return {
    title: 'Instances of the database',
    panels: [
      panel({
        ...{ title: 'Room', description: 'Share of the volume that is left', unit: 'share' },
        ...{ limit: 0.2, lines: [line(metrics.rdsFreeStorage, label, of, left)] },
      }),
      panel({
        ...{
          title: 'Behind',
          description: 'How far a reader is behind the writer',
          unit: 'seconds',
        },
        ...{ limit: 60, lines: [line(metrics.rdsReplicaLag, label, of)] },
      }),
      panel({
        ...{ title: 'Busy', description: 'Share of the processors', unit: 'share' },
        lines: [line(metrics.rdsCpu, label, of, share)],
      }),
      panel({
        ...{ title: 'Disks', description: 'Operations a second', unit: 'rate' },
        lines: [
          line(metrics.rdsReads, `${label} reads`, of),
          line(metrics.rdsWrites, `${label} writes`, of),
        ],
      }),
      panel({
        ...{ title: 'Reserve', description: 'Of operations beyond its share', unit: 'share' },
        lines: [line(metrics.rdsOperationsLeft, label, of, share)],
      }),
      panel({
        ...{ title: 'Connections', description: 'Of clients', unit: 'count' },
        lines: [line(metrics.rdsConnections, label, of)],
      }),
      panel({
        ...{ title: 'Snapshots', description: 'That came into the vault on the day before' },
        lines: [
          line(metrics.vaultSnapshots, '{{dimension_backup_vault_name}}', {
            dimension_backup_vault_name: postgres.vaults,
          }),
        ],
      }),
    ],
  };
}

function brokersRow({ kafka }: CloudWatchSettings): BoardRow {
  const of = { dimension_cluster_name: kafka.cluster };
  const broker = 'broker {{dimension_broker_id}}';
  const { kafkaDiskUsed, kafkaOfflinePartitions, kafkaBehindPartitions, kafkaActiveControllers } =
    METRIC_REGISTRY;
  return {
    title: 'Brokers',
    panels: [
      panel({
        ...{ title: 'Taken', description: 'Share of the volume', unit: 'share', limit: 0.8 },
        lines: [line(kafkaDiskUsed, broker, of, share)],
      }),
      panel({
        ...{ title: 'Partitions', description: 'Without a leader, or with a copy that is behind' },
        lines: [
          line(kafkaOfflinePartitions, 'without a leader', of),
          line(kafkaBehindPartitions, `behind, ${broker}`, of),
        ],
      }),
      panel({
        ...{ title: 'Controllers', description: 'One leads the others' },
        lines: [line(kafkaActiveControllers, 'active', of)],
      }),
    ],
  };
}

function cacheRow({ redis }: CloudWatchSettings): BoardRow {
  const of = { dimension_cache_cluster_id: redis.nodes };
  const node = '{{dimension_cache_cluster_id}}';
  const { valkeyMemoryUsed, valkeyCpu, valkeyEngineCpu, valkeyEvictions, valkeyReplicaLag } =
    METRIC_REGISTRY;
  return {
    title: 'Nodes of the cache',
    panels: [
      panel({
        ...{ title: 'Memory', description: 'Share that is taken', unit: 'share', limit: 0.9 },
        lines: [line(valkeyMemoryUsed, node, of, share)],
      }),
      panel({
        ...{
          title: 'Busy',
          description: 'The thread of commands, and all processors',
          unit: 'share',
        },
        lines: [
          line(valkeyEngineCpu, `${node} commands`, of, share),
          line(valkeyCpu, `${node} all`, of, share),
        ],
      }),
      panel({
        ...{ title: 'Dropped', description: 'Keys within five minutes' },
        lines: [line(valkeyEvictions, node, of)],
      }),
      panel({
        ...{ title: 'Behind', description: 'How far a copy is', unit: 'seconds', limit: 30 },
        lines: [line(valkeyReplicaLag, node, of)],
      }),
    ],
  };
}

function edgeRow({ edge }: CloudWatchSettings): BoardRow {
  const targets = { dimension_target_group: edge.targetGroups };
  const balancers = { dimension_load_balancer: edge.balancers };
  const zone = '{{dimension_availability_zone}}';
  const metrics = METRIC_REGISTRY;
  return {
    title: 'In and out',
    panels: [
      panel({
        ...{ title: 'Proxies', description: 'As the balancer sees them from each zone' },
        lines: [
          line(metrics.edgeHealthyTargets, `${zone} healthy`, targets),
          line(metrics.edgeUnhealthyTargets, `${zone} not`, targets),
        ],
      }),
      panel({
        ...{ title: 'Broken off', description: 'Connections within five minutes, by whom' },
        lines: [
          line(metrics.edgeClientResets, 'Cloudflare', balancers),
          line(metrics.edgeBalancerResets, 'the balancer', balancers),
          line(metrics.edgeTargetResets, 'a proxy', balancers),
        ],
      }),
      panel({
        ...{ title: 'Without a port', description: 'Connections within five minutes' },
        lines: [
          line(metrics.edgePortErrors, 'in', balancers),
          line(metrics.natPortErrors, 'out by {{dimension_nat_gateway_id}}'),
        ],
      }),
      panel({
        ...{ title: 'Dropped', description: 'Packets on their way out within five minutes' },
        lines: [line(metrics.natDrops, '{{dimension_nat_gateway_id}}')],
      }),
    ],
  };
}

function clusterRow({ cluster }: CloudWatchSettings): BoardRow {
  const of = { dimension_cluster_name: cluster };
  const { clusterStoreSize, clusterErrors, cloudRequests } = METRIC_REGISTRY;
  return {
    title: 'The cluster, and who asks',
    panels: [
      panel({
        ...{
          title: 'Objects',
          description: 'Share of what its API can keep',
          unit: 'share',
          limit: 0.75,
        },
        lines: [line(clusterStoreSize, 'taken', of, (size) => promql`${size} / ${STORE_BYTES}`)],
      }),
      panel({
        ...{
          title: 'Failures',
          description: 'Requests of its API within five minutes, by its own fault',
        },
        lines: [line(clusterErrors, 'failed', of)],
      }),
      panel({
        ...{ title: 'Questions', description: 'That AWS is asked, in all' },
        lines: [{ query: series(cloudRequests), legend: '{{api_name}}' }],
      }),
    ],
  };
}
