import { describe, expect, test } from '@jest/globals';
import { parseConfiguration } from './configuration.ts';

const VALID = {
  service: 'catalog',
  version: '0.1.0',
  instance: 'catalog-b-0',
  zone: 'b',
  environment: 'local',
  namespace: 'meridian',
  spiffeId: 'spiffe://meridian.local/ns/meridian/sa/catalog',
  identityFolder: 'tls',
  listen: { address: '127.0.2.32', port: 17_000 },
  ops: { address: '127.0.2.32', port: 17_001 },
  allow: { '/meridian.catalog.v1.CatalogService/ListProducts': ['spiffe://meridian.local/a'] },
  context: {
    signer: 'spiffe://meridian.local/ns/meridian/sa/gateway',
    methods: {
      '/meridian.catalog.v1.CatalogService/ListProducts': {
        actors: ['anonymous', 'user'],
        roles: ['merchant'],
        entries: {
          'spiffe://meridian.local/a': ['/meridian.catalog.v1.CatalogService/ListProducts'],
        },
      },
    },
  },
  limits: { concurrency: 64, queueDepth: 256 },
  connectionMaxAgeSeconds: 30,
};

const parse = (value: unknown): unknown =>
  parseConfiguration(JSON.stringify(value), '/x/service.json');

describe('service.json', () => {
  test('is read with its defaults filled in', () => {
    expect(parse(VALID)).toEqual({
      ...VALID,
      limits: { ...VALID.limits, defaultDeadlineMs: 10_000 },
      drain: { noticeMs: 0, graceMs: 8_000 },
      logLevel: 'info',
      databaseConnections: 10,
      rateLimits: {},
      traceSamplePercent: 100,
    });
  });

  test('says how many connections to a database a process may have for requests', () => {
    expect(parse({ ...VALID, databaseConnections: 2 })).toMatchObject({ databaseConnections: 2 });
    expect(() => parse({ ...VALID, databaseConnections: 0 })).toThrow(
      'databaseConnections: must be a whole number from 1 to 1000, got 0',
    );
  });

  test('of the edge service has limits of callers by class', () => {
    const rateLimits = { anonymous: { requests: 600, windowSeconds: 60, burst: 20 } };
    expect(parse({ ...VALID, rateLimits })).toMatchObject({ rateLimits });
    const none = { anonymous: { requests: 600, windowSeconds: 60, burst: 0 } };
    expect(() => parse({ ...VALID, rateLimits: none })).toThrow(
      'rateLimits.anonymous.burst: must be a whole number from 1 to 1000000000, got 0',
    );
  });

  test('of the edge service has a budget for sending calls again, and no other has one', () => {
    const retryBudget = { percentOfCalls: 10, minimumPerSecond: 2 };
    expect(parse({ ...VALID, retryBudget })).toMatchObject({ retryBudget });
    expect(parse(VALID)).not.toHaveProperty('retryBudget');
    expect(() => parse({ ...VALID, retryBudget: { percentOfCalls: 200 } })).toThrow(
      /retryBudget.percentOfCalls: .* from 0 to 100, got 200; retryBudget.minimumPerSecond/,
    );
  });

  test('that all pods of a service share leaves instance and zone to the environment', () => {
    const shared = { ...VALID, instance: undefined, zone: undefined };
    const parseIn = (value: unknown, environment: Readonly<Record<string, string>>): unknown =>
      parseConfiguration(JSON.stringify(value), '/x/service.json', environment);
    const pod = { MERIDIAN_INSTANCE: 'catalog-7c5d-x2x', MERIDIAN_ZONE: 'eu-central-1b' };
    const place = { instance: 'catalog-7c5d-x2x', zone: 'eu-central-1b' };
    expect(parseIn(shared, pod)).toMatchObject(place);
    expect(parseIn(shared, { ...pod, MERIDIAN_ZONE: '' })).toMatchObject({ zone: 'unknown' });
    expect(parseIn(VALID, pod)).toMatchObject({ instance: 'catalog-b-0', zone: 'b' });
    expect(() => parseIn(shared, { MERIDIAN_INSTANCE: 'Catalog' })).toThrow(
      /instance: must be a lower-case name .*, got "Catalog"; zone: must be .*, got nothing/,
    );
  });

  test('of a task needs neither addresses nor an allow-list', () => {
    const served = new Set(['listen', 'ops', 'allow', 'limits']);
    const task = Object.entries(VALID).filter(([key]) => !served.has(key));
    expect(parse(Object.fromEntries(task))).toMatchObject({ service: 'catalog', allow: {} });
  });

  test('with mistakes is refused with all of them, by file, key and value', () => {
    const broken = {
      ...VALID,
      service: 'Catalog!',
      zone: undefined,
      spiffeId: 'catalog',
      listen: { address: 'localhost', port: 70_000 },
      limits: { concurrency: 0, queueDepth: 1.5 },
      allow: { '/a/B': 'everyone' },
      conections: 3,
      context: { methods: { '/a/B': { actors: ['root'], roles: ['The Boss'], entry: 1 } } },
      logLevel: 'loud',
      metrics: { address: '127.0.2.32', port: 17_010, scraper: 'collector' },
      traceSamplePercent: 101,
    };
    expect(() => parse(broken)).toThrow(
      expect.objectContaining({
        code: 'KIT_CONFIGURATION',
        message: expect.stringMatching(/^Configuration \/x\/service\.json: /),
      }),
    );
    const expected = [
      `service: must be a lower-case name of letters, digits and hyphens, got "Catalog!"`,
      `zone: must be a lower-case name of letters, digits and hyphens, got nothing`,
      `spiffeId: must be a SPIFFE ID such as spiffe://meridian.local/ns/meridian/sa/catalog, got "catalog"`,
      `listen.address: must be an IP address, got "localhost"`,
      `listen.port: must be a whole number from 0 to 65535, got 70000`,
      `limits.concurrency: must be a whole number from 1 to 10000, got 0`,
      `limits.queueDepth: must be a whole number from 0 to 100000, got 1.5`,
      `allow./a/B: must be a list of SPIFFE IDs, got "everyone"`,
      `context.methods./a/B.actors: must be a list of system, anonymous, user, got ["root"]`,
      `context.methods./a/B.roles: must be a list of roles, got ["The Boss"]`,
      `context.methods./a/B.entry: is not known here; known are actors, entries, roles`,
      `logLevel: must be one of debug, info, warn, error, got "loud"`,
      `metrics.identityFolder: must be `,
      `metrics.scraper: must be a SPIFFE ID such as spiffe://meridian.local/ns/meridian/sa/catalog, got "collector"`,
      `traceSamplePercent: must be a whole number from 0 to 100, got 101`,
      `conections: is not known here; known are `,
    ];
    for (const problem of expected) expect(() => parse(broken)).toThrow(problem);
  });

  test('that is not JSON, or not an object, is refused', () => {
    expect(() => parseConfiguration('{', '/x/service.json')).toThrow(
      'Configuration /x/service.json: is not JSON',
    );
    expect(() => parse([])).toThrow('the file: must be an object, got []');
  });
});
