import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, test } from '@jest/globals';
import type { PricedResource } from './charges.ts';
import { costTable, costText, refuseUnpriced } from './cost-text.ts';
import { monthlyCost } from './monthly-cost.ts';
import { PRICES_FILE, pricesOf, readPrices, readPriceTable } from './prices.ts';

const REGION = 'us-east-1';
const SOURCE = 'https://prices.example/list';

/** Prices of a test, which stay as they are when those of the program are looked up. */
const SAMPLE: Readonly<Record<string, string>> = {
  'ebs.gp3.gb-month.us-east-1': '0.08',
  'ec2.m7g.large.us-east-1': '0.0816',
  'elasticache.valkey.t4g.small.hour.us-east-1': '0.0256',
  'msk.standard.m7g.large.hour.us-east-1': '0.204',
  'msk.standard.storage.gb-month.us-east-1': '0.10',
  'nat-gateway.hour.us-east-1': '0.045',
  'nlb.hour.us-east-1': '0.0225',
  'public-ipv4.hour.us-east-1': '0.005',
  'rds.gp3.multi-az-cluster.gb-month.us-east-1': '0.345',
  'route53.hosted-zone-month.global': '0.50',
};
const prices = pricesOf({
  gathered: '2026-11-26',
  currency: 'USD',
  rows: Object.entries(SAMPLE).map(([id, usd]) => ({
    ...{ id, service: 'of a test', unit: 'GB-month', region: REGION, price_usd: usd },
    ...{ source_url: SOURCE, source_date: '2026-07-28', confidence: '', read: 'direct', note: '' },
  })),
});

const resource = (type: string, inputs: object, name = 'one'): PricedResource => ({
  type,
  name,
  inputs: { ...inputs },
});

const NODES = resource('aws:eks/nodeGroup:NodeGroup', {
  instanceTypes: ['m7g.large'],
  scalingConfig: { minSize: 2, maxSize: 4, desiredSize: 2 },
});
const TEMPLATE = resource('aws:ec2/launchTemplate:LaunchTemplate', {
  blockDeviceMappings: [{ ebs: { volumeSize: 100 } }],
});

const linesOf = (...resources: readonly PricedResource[]) =>
  monthlyCost(resources, REGION, prices)?.lines.map(({ price, cents }) => [price.id, cents]);

describe('a month', () => {
  test('is of as many nodes as there always are, with their disks', () => {
    expect(linesOf(NODES, TEMPLATE)).toEqual([
      // 0.0816 an hour, 730 hours, 2 nodes.
      ['ec2.m7g.large.us-east-1', 11_914],
      ['ebs.gp3.gb-month.us-east-1', 1_600],
    ]);
  });

  test('is of what their template says, where a group of nodes says no type', () => {
    const template = resource('aws:ec2/launchTemplate:LaunchTemplate', {
      instanceType: 'm7g.large',
    });
    const group = resource('aws:eks/nodeGroup:NodeGroup', { scalingConfig: { minSize: 2 } });
    expect(linesOf(group, template)).toEqual([['ec2.m7g.large.us-east-1', 11_914]]);
  });

  test('is of brokers and what they store', () => {
    const cluster = (instanceType: string) =>
      resource('aws:msk/cluster:Cluster', {
        numberOfBrokerNodes: 3,
        brokerNodeGroupInfo: { instanceType, storageInfo: { ebsStorageInfo: { volumeSize: 100 } } },
      });
    expect(linesOf(cluster('kafka.m7g.large'))).toEqual([
      ['msk.standard.m7g.large.hour.us-east-1', 44_676],
      ['msk.standard.storage.gb-month.us-east-1', 3_000],
    ]);
    expect(monthlyCost([cluster('kafka.m7g.xlarge')], REGION, prices)?.without).toEqual([
      {
        ...{ what: 'brokers of Kafka of kafka.m7g.xlarge', isByUse: false, resources: ['one'] },
        amount: 3,
      },
      { what: 'traffic between zones', isByUse: true, resources: ['one'] },
    ]);
  });

  test('is of a cache in each of three zones', () => {
    const cache = resource('aws:elasticache/replicationGroup:ReplicationGroup', {
      engine: 'valkey',
      nodeType: 'cache.t4g.small',
      numCacheClusters: 3,
    });
    expect(linesOf(cache)).toEqual([['elasticache.valkey.t4g.small.hour.us-east-1', 5_606]]);
  });

  test('is of the addresses by which the internet reaches a balancer', () => {
    const balancer = (internal: boolean) =>
      resource('aws:lb/loadBalancer:LoadBalancer', { internal, subnets: ['a', 'b', 'c'] });
    const [hour, addresses] = [1_643, 1_095];
    expect(linesOf(balancer(true))).toEqual([['nlb.hour.us-east-1', hour]]);
    expect(linesOf(balancer(false))).toEqual([
      ['nlb.hour.us-east-1', hour],
      ['public-ipv4.hour.us-east-1', addresses],
    ]);
  });

  test('is told of roles that read metrics, which is paid for, and of no other', () => {
    const role = (action: string, name: string) =>
      resource(
        'aws:iam/rolePolicy:RolePolicy',
        { policy: JSON.stringify({ Action: action }) },
        name,
      );
    const cost = monthlyCost(
      [
        role('cloudwatch:GetMetricData', 'exporter'),
        role('cloudwatch:ListMetrics', 'lister'),
        role('s3:GetObject', 'loki'),
      ],
      REGION,
      prices,
    );
    expect(cost?.without).toEqual([
      { what: 'what CloudWatch is asked', isByUse: true, resources: ['exporter', 'lister'] },
    ]);
  });

  test('takes a price that holds everywhere', () => {
    expect(linesOf(resource('aws:route53/zone:Zone', {}))).toEqual([
      ['route53.hosted-zone-month.global', 50],
    ]);
  });

  test('names what has no price, and is never told as a total then', () => {
    const postgres = resource('aws:rds/cluster:Cluster', {
      dbClusterInstanceClass: 'db.m6gd.large',
      storageType: 'gp3',
      allocatedStorage: 100,
    });
    const cost = monthlyCost([postgres], REGION, prices);
    if (cost === undefined) throw new Error('There is no cost');
    expect(costText(cost, '2026-11-26')).toBe(
      'at least $34.50 a month in us-east-1, by list prices put together on 2026-11-26 (the oldest is of 2026-07-28); without PostgreSQL on three instances of db.m6gd.large (one), whose price is not known; without what is paid for by use: backups beyond the size of the databases (one)',
    );
    expect(costTable('prod', cost, '2026-11-26')).toBe(
      [
        "A month of 'prod' in us-east-1, by list prices put together on 2026-11-26 (the oldest is of 2026-07-28), before tax and without discounts:",
        '',
        "  $34.50  PostgreSQL's disks in three zones (gp3) (one): 100 × $0.345 (GB-month)",
        `          ${SOURCE} (2026-07-28)`,
        '',
        'At least $34.50 a month.',
        '',
        'Not in it, as its price is not known:',
        '  PostgreSQL on three instances of db.m6gd.large (one)',
        '',
        'Not in it, as it is paid for by use:',
        '  backups beyond the size of the databases (one)',
        '',
      ].join('\n'),
    );
  });

  test('names what is paid for by use, and takes no price of another region', () => {
    const zones = ['a', 'b', 'c'].map((zone) =>
      resource('aws:ec2/natGateway:NatGateway', {}, zone),
    );
    expect(monthlyCost(zones, REGION, prices)).toMatchObject({
      cents: 9_855,
      without: [
        { what: 'traffic through NAT gateways', isByUse: true, resources: ['a', 'b', 'c'] },
      ],
    });
    expect(monthlyCost(zones, 'eu-north-1', prices)).toMatchObject({
      cents: 0,
      without: [{ what: 'NAT gateways', isByUse: false }, { what: 'traffic through NAT gateways' }],
    });
  });

  test('is refused and not known where there are no prices of a region, and never $0.00', () => {
    const cost = monthlyCost([resource('aws:ec2/natGateway:NatGateway', {})], 'eu-west-1', prices);
    if (cost === undefined) throw new Error('There is no cost');
    expect(() => {
      refuseUnpriced(cost);
    }).toThrow(
      "Region 'eu-west-1': must be one that there are prices of, got none in the table; look them up with npm run prices -- --region eu-west-1",
    );
    expect(costText(cost, '2026-11-26')).toBe(
      'not known: no prices of region eu-west-1 (npm run prices -- --region eu-west-1)',
    );
    const zone = monthlyCost([resource('aws:route53/zone:Zone', {})], 'eu-west-1', prices);
    expect(zone).toMatchObject({ cents: 50, isPriced: true });
  });

  test('is not told of a stack of which nothing is charged for', () => {
    expect(monthlyCost([resource('kubernetes:v1:ConfigMap', {})], REGION, prices)).toBeUndefined();
  });
});

test('every price has a source and a day, and there is one row for each', () => {
  const { rows } = readPrices();
  expect(new Set(rows.map(({ id }) => id)).size).toBe(rows.length);
  for (const { source_date: date, source_url: url } of rows) {
    expect(url).toMatch(/^https:\/\//);
    expect(date).not.toBe('');
  }
});

test('names the line of a table that is damaged, and how it is put back', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'prices-'));
  const whole = readFileSync(PRICES_FILE, 'utf8').split('\n');
  let count = 0;
  const damaged = (line: number, ...by: readonly string[]) => {
    const file = path.join(folder, `prices-${String((count += 1))}.json`);
    writeFileSync(file, whole.toSpliced(line - 1, 1, ...by).join('\n'));
    return () => readPriceTable(file);
  };
  try {
    for (const [read, message] of [
      [
        damaged(
          7,
          '<<<<<<< HEAD',
          '"service": "a",',
          '=======',
          '"service": "b",',
          '>>>>>>> other',
        ),
        /json', line 7: .* a merge has left in conflict \('<{7} HEAD'\); .*git checkout HEAD -- .*npm run prices/,
      ],
      [damaged(7), /json', line 5: .*'rows\.0\.service'/],
      [damaged(10, '      "price_usd": "cheap",'), /', line 10: .*'rows\.0\.price_usd'/],
      [damaged(2, '  "gathered": "2026-11-26", ,'), /', line 2: /],
      [() => readPriceTable(path.join(folder, 'none.json')), /none\.json': .*ENOENT/],
    ] as const) {
      expect(read).toThrow(expect.objectContaining({ code: 'PRICES_TABLE_DAMAGED' }));
      expect(read).toThrow(message);
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
});
