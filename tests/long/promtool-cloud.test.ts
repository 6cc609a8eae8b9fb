import { expect, test } from '@jest/globals';
import { cloudAlerts } from '@meridian/components/observability/rules/cloud-alerts.ts';
import type { CloudWatchSettings } from '@meridian/components/observability/rules/cloud-alerts.ts';
import { platformRules } from '@meridian/components/observability/rules/rules.ts';
import { describeByPromtool, INTERVAL_SECONDS } from '../engines/promtool.ts';
import type { Series } from '../engines/promtool.ts';
import { answers, during, rulesOf, servicesUp } from './promtool-chosen.ts';
import { LIFETIME_SECONDS } from './promtool-platform.ts';
import { firing, graph } from './promtool-values.ts';

const HOURS = 3;

const cloud: CloudWatchSettings = {
  postgres: {
    instances: { pattern: 'database-instance-[0-9]+' },
    storageBytes: 1_000,
    vaults: { pattern: 'postgres-.+' },
  },
  kafka: { cluster: 'brokers' },
  redis: { nodes: { pattern: 'redis-.+' } },
  edge: { balancers: { pattern: 'net/edge-.+' }, targetGroups: { pattern: 'targetgroup/edge/.+' } },
  hasWaysOut: true,
  cluster: 'pods',
};
const all = platformRules(graph, {
  certificateLifetimeSeconds: LIFETIME_SECONDS,
  cloud,
});
const rules = rulesOf(
  all,
  cloudAlerts(graph, cloud).map(({ name }) => name),
);

const ofExporter = (name: string, labels: string): string =>
  `${name}{job="cloudwatch-exporter",instance="exporter",${labels}}`;
const ofInstance = (name: string, instance: string): string =>
  ofExporter(`aws_rds_${name}`, `dimension_dbinstance_identifier="${instance}"`);
const ofKafka = (name: string, more = ''): string =>
  ofExporter(`aws_kafka_${name}`, `dimension_cluster_name="brokers"${more}`);
const ofNode = (name: string): string =>
  ofExporter(`aws_elasticache_${name}`, 'dimension_cache_cluster_id="redis-1a2b3c4-001"');
const ofTargets = (name: string, zone: string): string =>
  ofExporter(
    `aws_networkelb_${name}`,
    `dimension_target_group="targetgroup/edge/1",dimension_availability_zone="${zone}"`,
  );

const FREE = ofInstance('free_storage_space_minimum', 'database-instance-2');
const LAG = ofInstance('replica_lag_maximum', 'database-instance-2');
const IDS = ofInstance('maximum_used_transaction_ids_maximum', 'database-instance-1');
const DISK = ofKafka('data_logs_disk_used_maximum', ',dimension_broker_id="2"');
const CONTROLLERS = ofKafka('active_controller_count_maximum');
const OFFLINE = ofKafka('offline_partitions_count_maximum');
const BEHIND = ofKafka('under_replicated_partitions_maximum', ',dimension_broker_id="2"');
const MEMORY = ofNode('database_memory_usage_percentage_maximum');
const EVICTED = ofNode('evictions_sum');
const NODE_LAG = ofNode('replication_lag_maximum');
const HEALTHY = ofTargets('healthy_host_count_maximum', 'us-east-1b');
const UNHEALTHY = ofTargets('un_healthy_host_count_minimum', 'us-east-1b');
const EDGE_PORTS = ofExporter(
  'aws_networkelb_port_allocation_error_count_sum',
  'dimension_load_balancer="net/edge-1a2b3c4/1"',
);
const NAT_PORTS = ofExporter(
  'aws_natgateway_error_port_allocation_sum',
  'dimension_nat_gateway_id="nat-1"',
);
const STORE = ofExporter(
  'aws_eks_apiserver_storage_size_bytes_maximum',
  'dimension_cluster_name="pods"',
);
const ASKED = ofExporter('yace_cloudwatch_requests_total', 'api_name="GetMetricData"');

const GIB = 1_024 ** 3;
const ASKING = `0+1x${(HOURS * 3_600) / 15}`;
const WELL: Series = {
  ...servicesUp(HOURS),
  ...Object.fromEntries(
    [
      [FREE, '700'],
      [LAG, '0.2'],
      [IDS, '200000000'],
      [DISK, '40'],
      [CONTROLLERS, '1'],
      [OFFLINE, '0'],
      [BEHIND, '0'],
      [MEMORY, '50'],
      [EVICTED, '0'],
      [NODE_LAG, '0'],
      [HEALTHY, '2'],
      [UNHEALTHY, '0'],
      [EDGE_PORTS, '0'],
      [NAT_PORTS, '0'],
      [STORE, String(GIB)],
    ].map(([name = '', value = '']) => [name, during([value, HOURS])]),
  ),
  [ASKED]: ASKING,
};
const asked = (series: Series, ...questions: readonly ReturnType<typeof firing>[]): string =>
  answers(rules, { ...WELL, ...series }, ...questions);

/** What the exporter shows of a value that AWS has not told; promtool repeats only what has a value. */
const untold = (hours: number) =>
  Array.from({ length: (hours * 3_600) / INTERVAL_SECONDS }, () => 'NaN').join(' ');

/** Well for an hour, and then another value for an hour. */
const then = (well: string, other: string) => during([well, 1], [other, 1], [well, HOURS - 2]);

/** What is wrong of which series, its value while all is well and then, which alert says so, and how many minutes later. */
const CASES = [
  ['an instance has little room', FREE, '700', '150', 'PostgresDiskFills postgres warning', 31],
  ['an instance has hardly any', FREE, '700', '90', 'PostgresDiskFull postgres critical', 16],
  ['a reader is behind', LAG, '0', '90', 'PostgresReaderBehind postgres warning', 16],
  ['no row is frozen', IDS, '0', '1000000001', 'PostgresTransactionIds postgres warning', 31],
  ['a broker has little room', DISK, '40', '85', 'KafkaDiskFills kafka warning', 31],
  ['a broker has hardly any', DISK, '40', '95', 'KafkaDiskFull kafka critical', 16],
  ['no broker leads', CONTROLLERS, '1', '0', 'KafkaWithoutController kafka critical', 16],
  ['partitions have no leader', OFFLINE, '0', '3', 'KafkaOfflineAtAws kafka critical', 16],
  ['copies are behind', BEHIND, '0', '3', 'KafkaBehindAtAws kafka warning', 31],
  ['a cache is nearly full', MEMORY, '50', '95', 'ValkeyMemory redis warning', 31],
  ['a copy of a cache is behind', NODE_LAG, '0', '31', 'ValkeyReplicaBehind redis warning', 16],
  ['a proxy does not answer', UNHEALTHY, '0', '1', 'EdgeTargetsUnhealthy balancer warning', 16],
  ['no proxy answers', HEALTHY, '2', '0', 'EdgeWithoutTargets balancer critical', 6],
  ['objects fill the store', STORE, '1', String(7 * GIB), 'ClusterStoreFills cluster warning', 31],
  ['they have', STORE, '1', String(7.5 * GIB), 'ClusterStoreFull cluster critical', 16],
] as const;

/** Sums stand for five minutes, and are told for a quarter of an hour more. */
const SUMS = [
  ['keys are dropped', EVICTED, 'ValkeyEvicts redis warning'],
  ['the balancer has no port', EDGE_PORTS, 'EdgePortsUsedUp balancer critical'],
  ['a way out has no port', NAT_PORTS, 'NatPortsUsedUp way-out critical'],
] as const;

/** Of what nothing is known, and so nobody would be told. */
const CORE = [FREE, DISK, MEMORY, HEALTHY, NAT_PORTS, STORE] as const;
const UNSEEN = `CloudMetricsUnseen ${graph.name} warning`;

describeByPromtool('alerts on what AWS manages', () => {
  test('are silent where all is well', () => {
    expect(asked({}, firing('35m'), firing('2h50m'))).toBe('');
  });

  test.each(CASES)(
    'say that %s, and no longer than it is so',
    (_title, name, well, other, alert, after) => {
      const series = { [name]: then(well, other) };
      const seen = [firing('60m'), firing(`${60 + after + 1}m`, alert), firing('119m', alert)];
      expect(asked(series, ...seen, firing('155m'))).toBe('');
    },
  );

  test.each(SUMS)('say that %s, once', (_title, name, alert) => {
    const series = { [name]: during(['0', 1], ['4', 1 / 12], ['0', HOURS - 13 / 12]) };
    expect(
      asked(series, firing('60m'), firing('64m', alert), firing('75m', alert), firing('90m')),
    ).toBe('');
  });

  test('say nothing of a value that AWS has not told', () => {
    const series = Object.fromEntries(
      Object.keys(WELL)
        .filter((name) => name.startsWith('aws_') && !CORE.some((core) => core === name))
        .map((name) => [name, untold(HOURS)]),
    );
    expect(asked(series, firing('35m'), firing('2h'))).toBe('');
  });

  test.each(CORE)('tell that nobody says %s', (name) => {
    for (const none of [untold(1), during(['_', 1])]) {
      const well = WELL[name]?.split('x')[0] ?? '';
      const given = { [name]: `${during([well, 1])} ${none} ${during([well, HOURS - 2])}` };
      expect(asked(given, firing('60m'), firing('97m', UNSEEN), firing('119m', UNSEEN))).toBe('');
    }
  });

  test('tell that the exporter asks nothing any more, whatever it shows', () => {
    const stuck = { [ASKED]: `0+1x239 240x${(2 * 3_600) / 15}` };
    expect(asked(stuck, firing('60m'), firing('125m', UNSEEN))).toBe('');
  });

  test('say that no snapshot comes into the vault, on the second day that has none, whatever AWS says then', () => {
    const name = ofExporter(
      'aws_backup_number_of_backup_jobs_completed_sum',
      'dimension_backup_vault_name="postgres-1a2b3c4"',
    );
    const ofVault = rulesOf(all, ['PostgresVaultOld']);
    const old = 'PostgresVaultOld postgres warning';
    for (const none of ['0', '_']) {
      const missed = { [name]: during(['1', 6], [none, 48], ['1', 6]) };
      expect(
        answers(
          ofVault,
          missed,
          firing('30h'),
          firing('48h'),
          firing('53h30m', old),
          firing('58h'),
        ),
      ).toBe('');
    }
    const once = { [name]: during(['1', 6], ['_', 24], ['1', 6]) };
    expect(answers(ofVault, once, firing('29h'), firing('35h'))).toBe('');
  });

  test('say what engines say themselves only where those do not', () => {
    const offline = 'kafka_offline_partitions{job="engine-metrics"}';
    const both = { [OFFLINE]: then('0', '3'), [offline]: then('0', '3') };
    const withEngines = rulesOf(all, ['KafkaOffline', 'KafkaOfflineAtAws']);
    const up = 'engine_up{engine="kafka",node="kafka-a"}';
    const given = { ...WELL, ...both, [up]: during(['1', HOURS]) };
    expect(answers(withEngines, given, firing('90m', 'KafkaOffline kafka critical'))).toBe('');
  });
});
