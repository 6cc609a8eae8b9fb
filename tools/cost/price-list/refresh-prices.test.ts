import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { paidPart } from '../paid-parts.ts';
import { readPriceTable } from '../prices.ts';
import { refreshPriceFile } from './refresh-price-file.ts';
import { refreshedText } from './refreshed-text.ts';
import { OfferServer, sampleOffer } from './testing/offer-server.ts';
import type { SampleProduct, SampleTier } from './testing/offer-server.ts';
import { wantedPrices } from './wanted-prices.ts';

const row = (id: string, usd: string, region = 'us-east-1') => ({
  ...{ id, service: `Of ${id}`, unit: 'key-month', region, price_usd: usd },
  ...{ source_url: 'https://example.com/quoted', source_date: '2026-08-01' },
  ...{ confidence: 'third party', read: 'quoted', note: '' },
});

const machine = (type: string, usd: string, attributes: object = {}): SampleProduct => ({
  ...{ sku: `EC2${type.toUpperCase()}`, family: 'Compute Instance' },
  attributes: {
    ...{ instanceType: type, tenancy: 'Shared', operatingSystem: 'Linux', regionCode: 'us-east-1' },
    ...{ preInstalledSw: 'NA', capacitystatus: 'Used', usagetype: `BoxUsage:${type}` },
    ...attributes,
  },
  tiers: [{ usd }],
});

const withoutTerms = ({ sku, family = '', attributes }: SampleProduct): SampleProduct => ({
  sku,
  family,
  attributes,
});

const key = (...tiers: readonly SampleTier[]): SampleProduct => ({
  ...{ sku: 'KEY', family: 'Encryption Key' },
  attributes: { usagetype: 'us-east-1-KMS-Keys', regionCode: 'us-east-1' },
  tiers: tiers.map((tier) => ({ unit: 'Keys', ...tier })),
});

describe('prices that are looked up', () => {
  let server: OfferServer;
  let folder: string;
  let file: string;

  beforeEach(async () => {
    server = await OfferServer.start();
    folder = mkdtempSync(path.join(tmpdir(), 'prices-'));
    file = path.join(folder, 'prices.json');
    const rows = [
      ...[
        row('cloudflare.pro.month', '25.00', 'global'),
        row('ec2.m7g.large.eu-central-1', '0.0978'),
      ],
      ...[row('ec2.m7g.large.us-east-1', '0.0816'), row('kms.key-month.us-east-1', '1.00')],
    ];
    writeFileSync(file, JSON.stringify({ gathered: '2026-11-26', currency: 'USD', rows }));
  });
  afterEach(async () => {
    await server.stop();
    rmSync(folder, { recursive: true });
  });

  const told: string[] = [];
  const refresh = async (wanted: readonly string[] = []) => {
    told.length = 0;
    return await refreshPriceFile(file, {
      ...{ from: server.address, region: 'us-east-1', wanted, today: '2026-11-29' },
      tell: (line) => told.push(line),
    });
  };
  const usd = (id: string) =>
    readPriceTable(file).rows.find((one) => one.id === `${id}.us-east-1`)?.price_usd;

  test('change rows of the list with their source, add what is wanted, and leave other sources alone', async () => {
    server.has(
      'AmazonEC2',
      sampleOffer(
        'AmazonEC2',
        [
          machine('m7g.large', '0.0850000000'),
          machine('m7g.xlarge', '0.1632000000'),
          machine('m7g.large', '0.4000000000', { operatingSystem: 'Windows' }),
        ].map((one, index) => ({ ...one, sku: `${one.sku}${index}` })),
      ),
    );
    server.has('awskms', sampleOffer('awskms', [key({ usd: '1.0000000000' })]));
    const refreshed = await refresh(['ec2.m7g.xlarge']);
    const { gathered, rows } = readPriceTable(file);
    expect(gathered).toBe('2026-11-29');
    expect(rows.map(({ id, price_usd: now, source_url: source }) => [id, now, source])).toEqual([
      ['cloudflare.pro.month', '25.00', 'https://example.com/quoted'],
      ['ec2.m7g.large.eu-central-1', '0.0978', 'https://example.com/quoted'],
      [
        'ec2.m7g.large.us-east-1',
        '0.085',
        expect.stringContaining('/AmazonEC2/current/us-east-1/'),
      ],
      [
        'ec2.m7g.xlarge.us-east-1',
        '0.1632',
        expect.stringContaining('/AmazonEC2/current/us-east-1/'),
      ],
      ['kms.key-month.us-east-1', '1.00', expect.stringContaining('/awskms/current/us-east-1/')],
    ]);
    expect(rows[2]).toMatchObject({
      source_date: '2026-11-20',
      read: 'direct',
      unit: 'instance-hour',
    });
    expect(statSync(file).mode & 0o777).toBe(0o644);
    expect(refreshedText(refreshed, 'us-east-1')).toBe(
      [
        'ec2.m7g.large.us-east-1: 0.0816 → 0.085',
        'ec2.m7g.xlarge.us-east-1: nothing → 0.1632',
        'Found 3 of 3 prices in us-east-1: 1 changed, 1 new, 1 as they were; 2 rows of other sources and regions stay',
      ].join('\n'),
    );
    expect(told).toEqual([
      expect.stringMatching(/^Reading prices of AmazonEC2 in us-east-1 from 127\.0\.0\.1:\d+$/),
      expect.stringMatching(/^Reading prices of awskms /),
    ]);
  });

  test('are the first tier that costs something, and the note says so', async () => {
    server.has('AmazonEC2', sampleOffer('AmazonEC2', [machine('m7g.large', '0.0816')]));
    server.has(
      'awskms',
      sampleOffer('awskms', [
        key(
          { usd: '0.5000000000', begin: '1000', end: 'Inf' },
          { usd: '0.9000000000', begin: '10', end: '1000' },
          { usd: '0.0000000000', begin: '0', end: '10' },
        ),
      ]),
    );
    await refresh();
    const found = readPriceTable(file).rows.find(({ id }) => id === 'kms.key-month.us-east-1');
    expect(found).toMatchObject({
      price_usd: '0.90',
      note: expect.stringContaining('the first of 2 tiers, up to 1000') as unknown,
    });
  });

  test.each<readonly [string, SampleProduct[], RegExp]>([
    [
      'no product has',
      [machine('m7g.2xlarge', '0.3264')],
      /lists no product with the usage 'BoxUsage:m7g\.large'/,
    ],
    [
      'a local zone alone has',
      [machine('m7g.large', '0.1', { locationType: 'AWS Local Zone' })],
      /lists no product/,
    ],
    [
      'is on no terms',
      [withoutTerms(machine('m7g.large', '0.1')), machine('m7g.xlarge', '0.2')],
      /EC2M7G\.LARGE: it is sold on no terms/,
    ],
    [
      'is told in another currency',
      [{ ...machine('m7g.large', ''), tiers: [{ pricePerUnit: { CNY: '0.6' } }] }],
      /must be in USD, got CNY/,
    ],
    [
      'is for another unit',
      [{ ...machine('m7g.large', ''), tiers: [{ usd: '60', unit: 'Mo' }] }],
      /unit must be one for 'hour', got 'Mo'/,
    ],
    ['has letters', [machine('m7g.large', '8E-2')], /must be a decimal, got '8E-2'/],
    [
      'two products tell differently',
      [machine('m7g.large', '0.1'), { ...machine('m7g.large', '0.2'), sku: 'OTHER' }],
      /two products of it differ/,
    ],
  ])(
    'of which one %s are not guessed: its row stays, and the reason is told',
    async (_what, products, reason) => {
      server.has('AmazonEC2', sampleOffer('AmazonEC2', products));
      server.has('awskms', sampleOffer('awskms', [key({ usd: '2.0000000000' })]));
      const refreshed = await refresh();
      expect([usd('ec2.m7g.large'), usd('kms.key-month')]).toEqual(['0.0816', '2.00']);
      expect(refreshed.lookedUp[0]?.reason).toMatch(reason);
      expect(refreshedText(refreshed, 'us-east-1')).toMatch(
        /not found, as .*; 0\.0816 stays, with its source/,
      );
    },
  );

  test.each<readonly [string, (text: string) => string, RegExp]>([
    [
      'of another format',
      (text) => text.replace('v1.0', 'v2.0'),
      /got formatVersion "v2\.0" of "awskms"/,
    ],
    ['of another service', (text) => text.replace('"awskms"', '"AmazonS3"'), /of "AmazonS3"/],
    ['that is a page', () => '<html>Sign in</html>', /got '.*<.*'/],
    ['that ends in its middle', (text) => text.slice(0, -200), /ends in its middle/],
    ['that goes on behind its end', (text) => `${text}{}`, /got '/],
    ['without terms', (text) => text.replace('"OnDemand"', '"Spot"'), /got one without terms/],
    [
      'whose products have other fields',
      (text) => text.replace('"attributes"', '"attribute"'),
      /the product 'KEY' of another shape/,
    ],
    [
      'whose prices have other fields',
      (text) => text.replace('"pricePerUnit"', '"price"'),
      /the terms of 'KEY' of another shape/,
    ],
    [
      'without a day',
      (text) => text.replace('2026-11-20T', 'today T'),
      /a publicationDate of another shape/,
    ],
  ])(
    'are none where a service gives an answer %s: it is named, and the file is as it was',
    async (_what, change, problem) => {
      const before = readFileSync(file, 'utf8');
      server.has('AmazonEC2', sampleOffer('AmazonEC2', [machine('m7g.large', '0.0850')]));
      server.has('awskms', change(sampleOffer('awskms', [key({ usd: '2.00' })])));
      await expect(refresh()).rejects.toMatchObject({
        code: 'PRICES_UNREADABLE',
        message: expect.stringMatching(
          new RegExp(`^Prices of 'awskms': .*${problem.source}`),
        ) as unknown,
      });
      expect(readFileSync(file, 'utf8')).toBe(before);
    },
  );

  test('are none where a connection ends in the middle of an answer, or a service is not there', async () => {
    const before = readFileSync(file, 'utf8');
    server.has('AmazonEC2', sampleOffer('AmazonEC2', [machine('m7g.large', '0.0850')]));
    server.tears('awskms', sampleOffer('awskms', [key({ usd: '2.00' })]));
    await expect(refresh()).rejects.toMatchObject({
      code: 'PRICES_UNREACHABLE',
      message: expect.stringMatching(
        /^Prices of 'awskms': 127\.0\.0\.1:\d+ ended the connection in the middle of its answer; run this again .* is as it was$/,
      ) as unknown,
    });
    await expect(refresh(['nlb.hour'])).rejects.toMatchObject({ code: 'PRICES_UNREACHABLE' });
    expect(readFileSync(file, 'utf8')).toBe(before);
  });

  test('name the host that cannot be reached, and what to do', async () => {
    const gone = server.address;
    await server.stop();
    const asked = refreshPriceFile(file, {
      ...{
        from: gone,
        region: 'us-east-1',
        wanted: [],
        today: '2026-11-29',
        tell: () => undefined,
      },
    });
    server = await OfferServer.start();
    await expect(asked).rejects.toThrow(
      `Prices of 'AmazonEC2': ${gone.host} cannot be reached (ECONNREFUSED); run this again where that host can be reached, or name a proxy in HTTPS_PROXY`,
    );
    await expect(
      refreshPriceFile(file, {
        ...{ from: new URL('http://prices.example/'), region: 'us-east-1', wanted: [] },
        ...{ today: '2026-11-29', tell: () => undefined },
      }),
    ).rejects.toThrow(/prices\.example must be asked over HTTPS/);
  });
});

test('every price that production needs is one that the list has a product for', () => {
  expect(wantedPrices().filter((price) => paidPart(price)?.offered === undefined)).toEqual([]);
  expect(wantedPrices()).toContain('rds.postgres.m6gd.large.multi-az-cluster.hour');
});
