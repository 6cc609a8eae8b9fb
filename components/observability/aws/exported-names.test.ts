import { describe, expect, test } from '@jest/globals';
import { CLOUD_METRICS } from '@meridian/language/cloud-metrics.ts';
import { exportedLabel, exportedName } from './exported-names.ts';
import { WATCHED } from './watched-metrics.ts';

describe('names of the exporter', () => {
  /** Of its own tests: pkg/promutil/migrate_test.go and prometheus_test.go at 0.67.0. */
  test.each([
    ['AWS/ElastiCache', 'CPUUtilization', 'Average', 'aws_elasticache_cpuutilization_average'],
    [
      'Glue',
      'glue.driver.aggregate.bytesRead',
      'Average',
      'aws_glue_driver_aggregate_bytes_read_average',
    ],
    ['AWS/EC2', 'cpuUtilization', 'Maximum', 'aws_ec2_cpu_utilization_maximum'],
    ['AWS/RDS', 'EBSIOBalance%', 'Minimum', 'aws_rds_ebsiobalance_percent_minimum'],
    ['AWS/Kafka', 'KafkaDataLogsDiskUsed', 'Maximum', 'aws_kafka_data_logs_disk_used_maximum'],
  ])('of %s %s are %s of it', (namespace, metric, statistic, expected) => {
    expect(exportedName(namespace, metric, statistic)).toBe(expected);
  });
});

describe('what is watched', () => {
  const watched = WATCHED.flatMap(({ namespace, dimensions, metrics }) =>
    metrics.map((each) => ({ namespace, dimensions, ...each })),
  );

  test.each(watched.map((each) => [each.as, each] as const))(
    '%s has the name and the labels that the exporter gives it',
    (as, { namespace, metric, statistic, dimensions }) => {
      expect(CLOUD_METRICS[as].name).toBe(exportedName(namespace, metric, statistic));
      const labels = ['name', 'account_id', 'region', ...dimensions.map(exportedLabel)];
      expect([...CLOUD_METRICS[as].labels].toSorted()).toEqual(labels.toSorted());
    },
  );

  test('is each metric of the registry once, but for what the exporter says of itself', () => {
    const own = Object.keys(CLOUD_METRICS).filter((key) => key !== 'cloudRequests');
    expect(watched.map(({ as }) => as).toSorted()).toEqual(own.toSorted());
  });
});
