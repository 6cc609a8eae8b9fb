import { describe, expect, test } from '@jest/globals';
import { CLOUD_METRICS } from '@meridian/language/cloud-metrics.ts';
import { lowerPods } from '../../kubernetes/lower-kubernetes.ts';
import type { ClusterObject } from '../../kubernetes/manifest.ts';
import { awsNouns } from '../../aws/aws-nouns.ts';
import { sampleAwsContext } from '../../testing/aws-ground.ts';
import { sampleAwsSettings } from '../../testing/sample-aws.ts';
import { clusterRules } from '../kubernetes/prometheus-chart.ts';
import { enginesInUse } from '../rules/dependencies.ts';
import { zoneScrapes } from '../kubernetes/scrapes.ts';
import { EXPORTER, EXPORTER_IMAGE, exporterPolicy } from './cloudwatch-exporter.ts';

const digest = `sha256:${'0123456789abcdef'.repeat(4)}`;
const settings = { ...sampleAwsSettings, pins: { [EXPORTER_IMAGE.reference]: digest } };
const context = sampleAwsContext(settings);
const stack = lowerPods(context, awsNouns(settings));
const objects: readonly ClusterObject[] = stack.observability.steps.flatMap(
  ({ manifests = [] }) => manifests,
);
const named = (kind: string, name: string = EXPORTER) =>
  objects.find((one) => one.kind === kind && one.metadata.name === name);

describe('what asks CloudWatch', () => {
  const { template } = named('Deployment')?.['spec'] as {
    readonly template: {
      readonly spec: {
        readonly securityContext: object;
        readonly containers: readonly [
          { image: string; args: string[]; env: object[]; securityContext: object },
        ];
      };
    };
  };
  const [container] = template.spec.containers;

  test('lists metrics and asks for their values, and may do nothing else', () => {
    const [statement, ...others] = exporterPolicy().Statement;
    expect(others).toEqual([]);
    expect(statement?.Action).toEqual(['cloudwatch:GetMetricData', 'cloudwatch:ListMetrics']);
  });

  test('runs by digest, as nobody, changes nothing of its image, and is one of the images of the stack', () => {
    const repository = 'quay.io/prometheuscommunity/yet-another-cloudwatch-exporter';
    expect(container.image).toBe(`${repository}@${digest}`);
    expect(template.spec.securityContext).toMatchObject({ runAsNonRoot: true });
    expect(container.securityContext).toMatchObject({
      ...{ readOnlyRootFilesystem: true, allowPrivilegeEscalation: false },
      capabilities: { drop: ['ALL'] },
    });
    expect(stack.images.map(({ name }) => name)).toContain(EXPORTER);
  });

  test('has credentials of the agent alone, and IAM is asked for no other name of the account', () => {
    expect(container.env).toEqual([
      { name: 'AWS_REGION', value: 'us-east-1' },
      { name: 'AWS_EC2_METADATA_DISABLED', value: 'true' },
      { name: 'AWS_ENDPOINT_URL_IAM', value: 'https://127.0.0.1:1' },
    ]);
  });

  test('asks as often as a value has changed, by labels as rules write them', () => {
    expect(container.args).toEqual(
      expect.arrayContaining(['--scraping-interval=300', '--labels-snake-case']),
    );
  });

  test('is reached by the collectors alone, and reaches DNS, the agent of its node and AWS', () => {
    expect(named('NetworkPolicy')?.['spec']).toMatchObject({
      ingress: [
        {
          from: [{ podSelector: { matchLabels: { 'meridian/telemetry': 'collector' } } }],
          ports: [{ port: 5_000 }],
        },
      ],
      egress: [
        { ports: [{ port: 53 }, { port: 53 }] },
        { to: [{ ipBlock: { cidr: '169.254.170.23/32' } }], ports: [{ port: 80 }] },
        { to: [{ ipBlock: { cidr: '0.0.0.0/0' } }], ports: [{ port: 443 }] },
      ],
    });
  });

  test('is scraped in each zone, wherever it runs, and the collectors are let out to it', () => {
    for (const zone of settings.zones) {
      const [job, ...others] = zoneScrapes(context, zone).filter(
        (one) => (one as { readonly job_name: string }).job_name === EXPORTER,
      );
      expect(others).toEqual([]);
      const kept = Object.values(CLOUD_METRICS).map(({ name }) => name);
      expect(job).toMatchObject({
        kubernetes_sd_configs: [{ namespaces: { names: ['watch'] } }],
        metric_relabel_configs: [{ regex: kept.join('|') }],
      });
    }
    expect(JSON.stringify(named('NetworkPolicy', 'collector')?.['spec'])).toContain(EXPORTER);
  });
});

describe('alerts on what AWS manages', () => {
  const alerts = clusterRules(context).alerts.map(({ name }) => name);

  test('are there where AWS is asked, of the engines that are in use', () => {
    const ofEngines = {
      postgres: 'PostgresDiskFull',
      kafka: 'KafkaDiskFull',
      redis: 'ValkeyMemory',
    };
    const inUse = enginesInUse(context.graph);
    expect(alerts.filter((name) => Object.values(ofEngines).includes(name))).toEqual(
      Object.entries(ofEngines).flatMap(([engine, name]) => (inUse.includes(engine) ? [name] : [])),
    );
    expect(alerts).toEqual(
      expect.arrayContaining([
        ...['PostgresDiskFull', 'EdgeWithoutTargets', 'NatPortsUsedUp', 'ClusterStoreFull'],
        'CloudMetricsUnseen',
      ]),
    );
  });

  test('miss no gateway in a network that is somebody else’s, which may have none', () => {
    const { aws } = settings;
    const network = {
      cidr: '10.0.0.0/16',
      existing: { vpcId: 'vpc-1', subnetIds: { public: {}, private: {}, data: {} } },
    };
    const there = (of: typeof settings) => {
      const { groups } = clusterRules(sampleAwsContext(of));
      const rules = groups.flatMap((group) => group.rules);
      return JSON.stringify(
        rules.filter(({ labels }) => labels?.['alert'] === 'CloudMetricsUnseen'),
      );
    };
    expect(there(settings)).toContain('aws_natgateway_error_port_allocation_sum');
    expect(there({ ...settings, aws: { ...aws, network } })).not.toContain('aws_natgateway');
  });
});
