import { describe, expect, test } from '@jest/globals';
import type { EngineEvent } from './engine-events.ts';
import { previewReport } from './preview-report.ts';
import { previewText } from './preview-text.ts';
import { protectedResources } from './protected-data.ts';

const manifest = (chart: string, spec: object) => ({
  'Service shop': { kind: 'Service', metadata: { labels: { 'helm.sh/chart': chart } } },
  'Rollout shop': { kind: 'Rollout', metadata: { labels: { 'helm.sh/chart': chart } }, spec },
});

const updateOf = (before: object, after: object): EngineEvent => ({
  resourcePreEvent: {
    metadata: {
      op: 'update',
      urn: 'urn:pulumi:staging::meridian::kubernetes:helm.sh/v3:Release::release-shop',
      type: 'kubernetes:helm.sh/v3:Release',
      detailedDiff: { version: { diffKind: 'update', inputDiff: true } },
      old: { inputs: { version: '1.0.0+aa' }, outputs: { manifest: manifest('shop-aa', before) } },
      new: { inputs: { version: '1.0.0+bb' }, outputs: { manifest: manifest('shop-bb', after) } },
    },
  },
});

const textOf = (event: EngineEvent): string =>
  previewText(previewReport([event], { stack: 'staging' }));

describe('the preview of a release', () => {
  test('shows the difference of what it renders, and its version once', () => {
    const text = textOf(updateOf({ replicas: 2 }, { replicas: 3 }));
    expect(text).toContain('version: "1.0.0+aa" → "1.0.0+bb"');
    expect(text).toContain('-  replicas: 2');
    expect(text).toContain('+  replicas: 3');
    expect(text).not.toContain('helm.sh/chart');
    expect(text).not.toContain('Service shop');
  });

  test('shows no secret that it renders', () => {
    const secret = { '4dabf18193072939515e22adb298388d': '1b47061264138c4ac30d75fd1eb44270' };
    const text = textOf(
      updateOf({ key: { ...secret, value: '"before"' } }, { key: { ...secret, value: '"after"' } }),
    );
    expect(text).not.toMatch(/before"|after"/);
  });

  test('says so where nothing changes', () => {
    const type = 'kubernetes:helm.sh/v3:Release';
    const urn = `urn:pulumi:staging::meridian::${type}::release-shop`;
    const same: EngineEvent = { resourcePreEvent: { metadata: { op: 'same', urn, type } } };
    expect(textOf(same)).toMatch(/^No changes: 1 resources are as they were\.$/m);
  });
});

test('a preview is the same text in whatever order the engine tells of resources, warnings and properties', () => {
  const stepOf = (name: string): EngineEvent => ({
    resourcePreEvent: {
      metadata: {
        op: 'create',
        urn: `urn:pulumi:staging::meridian::kubernetes:core/v1:ConfigMap::${name}`,
        type: 'kubernetes:core/v1:ConfigMap',
        new: { inputs: { metadata: { name } } },
      },
    },
  });
  const warnings = ['one', 'other'].map((message) => ({
    diagnosticEvent: { severity: 'warning', message },
  }));
  const change = updateOf({ replicas: 2, paused: true }, { paused: false, replicas: 3 });
  const events = [stepOf('c'), ...warnings, change, stepOf('a'), stepOf('b')] as EngineEvent[];
  const text = (told: readonly EngineEvent[]): string =>
    previewText(previewReport(told, { stack: 'staging' }));
  expect(text(events.toReversed())).toBe(text(events));
  expect(text(events)).toMatch(/ConfigMap a[^]*ConfigMap b[^]*ConfigMap c/);
});

describe('the preview of an object that breaks rules', () => {
  const topic = (op: string, replicas: number): EngineEvent => {
    const type = 'kubernetes:kafka.strimzi.io/v1:KafkaTopic';
    const inputs = {
      apiVersion: 'kafka.strimzi.io/v1',
      kind: 'KafkaTopic',
      metadata: { name: 'orders', namespace: 'data' },
      spec: { replicas, config: { 'min.insync.replicas': 2, 'retention.ms': 604_800_000 } },
    };
    const urn = `urn:pulumi:staging::meridian::${type}::topic`;
    return { resourcePreEvent: { metadata: { op, urn, type, new: { inputs, protect: true } } } };
  };

  test('names the rule, and the object with what is wrong', () => {
    const report = previewReport([topic('same', 2)], { stack: 'staging' });
    expect(report.brokenRules).toEqual([
      {
        rule: 'records-have-three-copies',
        statement: expect.stringMatching(/three copies/),
        problem: expect.stringMatching(
          /^KafkaTopic data\/orders: replicas must be at least 3, got 2;/,
        ),
      },
    ]);
    expect(previewText(report)).toMatch(
      /^RULES ARE BROKEN\..*\n.*\(records-have-three-copies\)\n {4}KafkaTopic data\/orders: /m,
    );
  });

  test('says nothing of what keeps them, nor of what is deleted', () => {
    for (const event of [topic('create', 3), topic('delete', 2)]) {
      const report = previewReport([event], { stack: 'staging' });
      expect(report.brokenRules).toEqual([]);
      expect(previewText(report)).not.toContain('RULES');
    }
  });
});

describe('the preview of a change of an engine', () => {
  const event: EngineEvent = {
    resourcePreEvent: {
      metadata: {
        op: 'update',
        urn: 'urn:pulumi:staging::meridian::kubernetes:kafka.strimzi.io/v1:Kafka::kafka',
        type: 'kubernetes:kafka.strimzi.io/v1:Kafka',
        detailedDiff: { 'spec.kafka.version': { diffKind: 'update', inputDiff: true } },
        old: { inputs: { spec: { kafka: { version: '4.2.0' } } } },
        new: { inputs: { spec: { kafka: { version: '4.3.1' } } } },
      },
    },
  };

  test('says what it restarts, before the fields that do it', () => {
    expect(textOf(event)).toMatch(
      /~ update kubernetes:kafka\S+ kafka\n {4}This rolls all brokers and controllers one by one, .*\.\n {4}spec\.kafka\.version: "4\.2\.0" → "4\.3\.1"/,
    );
  });

  test('is told to programs too', () => {
    const { resources } = previewReport([event], { stack: 'staging' });
    expect(resources.map(({ restarts }) => restarts)).toEqual([
      expect.stringMatching(/^rolls all brokers/),
    ]);
  });
});

describe('the preview of a program that warns', () => {
  test('tells it once, before what changes', () => {
    const diagnosticEvent = { severity: 'warning', message: 'Orders have no backup.\n' };
    const ofEngine = {
      severity: 'warning',
      message: 'using pulumi-language-nodejs from $PATH at /a expected /b\n',
    };
    const report = previewReport(
      [diagnosticEvent, diagnosticEvent, ofEngine].map((event) => ({ diagnosticEvent: event })),
      { stack: 'staging' },
    );
    expect(report.warnings).toEqual(['Orders have no backup.']);
    expect(previewText(report)).toContain('\n\nWARNING: Orders have no backup.\n\nNo changes');
  });
});

describe('the preview of what holds data', () => {
  const urn = (kind: string, name: string) =>
    `urn:pulumi:staging::meridian::kubernetes:kafka.strimzi.io/v1:${kind}::${name}`;
  const topic = urn('KafkaTopic', 'orders.events.v1');
  const deletion: EngineEvent = {
    resourcePreEvent: {
      metadata: { op: 'delete', urn: topic, type: 'kubernetes:kafka.strimzi.io/v1:KafkaTopic' },
    },
  };
  const held = protectedResources({
    deployment: {
      resources: [
        { urn: topic, protect: true, inputs: { metadata: { name: 'orders.events.v1' } } },
        { urn: urn('KafkaUser', 'orders'), protect: false },
      ],
    },
  });

  test('says first which data would go, and that a deployment stops', () => {
    const report = previewReport([deletion], { stack: 'staging', protectedResources: held });
    expect(report.totals.delete).toBe(1);
    expect(report.resources).toMatchObject([
      { losesData: expect.stringContaining("every event of the topic 'orders.events.v1'") },
    ]);
    const [, loss = ''] = previewText(report).split('\n\n');
    expect(loss).toMatch(/^DATA WOULD BE LOST\. A deployment stops here/);
    expect(loss).toContain(`pulumi state unprotect --yes --stack staging '${topic}'`);
  });

  test('names the databases and topics that go with a whole engine', () => {
    const resources = [
      { urn: urn('Kafka', 'meridian'), protect: true },
      { urn: topic },
      { urn: urn('Cluster', 'meridian'), protect: true },
      { urn: urn('Database', 'orders-postgres') },
    ];
    expect(protectedResources({ deployment: { resources } }).map(({ data }) => data)).toEqual([
      "every topic with its events, and how far each consumer is ('orders.events.v1')",
      "every database of it ('orders-postgres')",
    ]);
  });

  test('is not alarmed by what stays, or holds nothing', () => {
    const report = previewReport([deletion], { stack: 'staging' });
    expect(previewText(report)).not.toContain('DATA WOULD BE LOST');
  });
});

test('a preview says of a region without prices that its cost is not known', () => {
  const made = (type: string, inputs: object): EngineEvent => ({
    resourcePreEvent: {
      metadata: {
        ...{ op: 'create', urn: `urn:pulumi:prod::meridian::${type}::one`, type },
        ...{ old: null, new: { inputs: { ...inputs } } },
      },
    },
  });
  const events = [
    made('pulumi:providers:aws', { region: 'eu-west-1' }),
    made('aws:ec2/natGateway:NatGateway', {}),
  ];
  expect(previewText(previewReport(events, { stack: 'prod' }))).toContain(
    'Its cost: not known: no prices of region eu-west-1 (npm run prices -- --region eu-west-1).',
  );
});
