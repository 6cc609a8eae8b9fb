import { describe, expect, test } from '@jest/globals';
import type { Call } from '../call.ts';
import type { PlatformProps } from '../platform.ts';
import { defineService } from '../service.ts';
import type { AnyService } from '../service.ts';
import { postgres, redis } from '../store.ts';
import { archive, door, samplePlatform, shelf, withService } from '../testing/sample-platform.ts';
import { sampleContract } from '../testing/sample-contract.ts';
import { topic } from '@meridian/language/topic.ts';
import { platformProblems } from './platform-problems.ts';

const callTo = (service: AnyService, ...methods: string[]): Call => ({
  kind: 'call',
  service,
  methods,
});

const plus = (...services: AnyService[]): PlatformProps => ({
  ...samplePlatform,
  services: [...samplePlatform.services, ...services],
});

const stranger = defineService({
  name: 'stranger',
  summary: 'Not of this platform',
  owner: 'strangers',
  slot: 3,
  contract: sampleContract('sample.stranger.v1.StrangerService', { greet: '' }),
  exposure: 'internal',
  objectives: archive.objectives,
  implemented: false,
});

/** A service with a database. */
const ledger = (number: number): AnyService => ({
  ...stranger,
  name: `ledger-${number}`,
  slot: 10 + number,
  contract: sampleContract(`sample.ledger${number}.v1.LedgerService`, { greet: '' }),
  stores: [
    postgres({ name: `ledger-${number}`, migrations: `services/ledger-${number}/migrations` }),
  ],
});

const shelfTopic = (props: { name?: string; partitions?: number; replication?: number }) =>
  withService('shelf', {
    publishes: [topic({ name: 'shelf.events.v1', key: 'id', events: [], ...props })],
  });

const RATE = { requests: 1, windowSeconds: 1, burst: 1 };
const zones = (...networks: readonly (readonly [string, string])[]): PlatformProps => ({
  ...samplePlatform,
  zones: networks.map(([name, network]) => ({ name, network })),
});

const CASES: readonly (readonly [title: string, platform: PlatformProps, problem: string])[] = [
  [
    'a service whose name is not an RFC 1123 label',
    plus({ ...stranger, name: 'No_Label' }),
    "Service 'No_Label': name must be 1 to 32 lower-case letters, digits and hyphens, with a letter first and no hyphen last (RFC 1123), got 'No_Label'; rename it in services/No_Label/service.ts",
  ],
  [
    'an edge service that does not limit every class of callers',
    withService('door', { rateLimits: { anonymous: RATE } }),
    "Service 'door': rateLimits must be for the classes anonymous, customer, unverified, webhook and may be for roles with a limit of their own (merchant, support, auditor), got anonymous; set it in services/door/service.ts",
  ],
  [
    'a service behind the edge that limits callers',
    withService('shelf', { rateLimits: door.rateLimits }),
    "Service 'shelf': rateLimits must be empty, as only the edge service counts callers, got anonymous, customer, unverified, webhook",
  ],
  [
    'a limit for a role that there is not',
    withService('door', { rateLimits: { ...door.rateLimits, reader: RATE } }),
    'got anonymous, customer, unverified, webhook, reader',
  ],
  [
    'a limit that lets nobody in',
    withService('door', {
      rateLimits: { ...door.rateLimits, customer: { ...RATE, burst: 0 } },
    }),
    "Service 'door': rateLimits.customer.burst must be 1 to 1000000000, got 0",
  ],
  [
    'a service whose name is too long',
    plus({ ...stranger, name: 'a'.repeat(33) }),
    'got 33 characters; rename it in',
  ],
  [
    'two services of one name',
    plus(stranger, { ...stranger, slot: 4, summary: 'Another' }),
    "Name 'stranger': names of services and tasks must be unique, and 'edge' is the edge's own, got 2 of them; rename all but one and list each once in infra/platform.ts",
  ],
  [
    'a slot that has no addresses',
    plus({ ...stranger, slot: 29 }),
    "Service 'stranger': slot must be 0 to 28, got 29; set a free one, such as 3, in services/stranger/service.ts",
  ],
  [
    'two services of one slot',
    plus({ ...stranger, slot: shelf.slot }),
    "Slot '1': must be of one service, as addresses follow from it, got 'shelf', 'stranger'; set a free one, such as 3, in services/stranger/service.ts",
  ],
  [
    "a service that takes the edge's identity",
    plus({ ...stranger, name: 'edge' }),
    "Name 'edge': names of services and tasks must be unique",
  ],
  [
    'a trust domain that SPIFFE does not allow',
    { ...samplePlatform, trustDomain: 'Sample.Local' },
    "Platform 'sample': trustDomain must be 1 to 255 lower-case letters",
  ],
  [
    'a task whose entry is not a file of the program',
    {
      ...samplePlatform,
      tasks: [{ kind: 'task', name: 'x', summary: '', calls: [], entry: '/etc/passwd' }],
    },
    "Task 'x': entry must be the path of a TypeScript file from the program's root, got '/etc/passwd'",
  ],
  [
    'fewer than three zones',
    zones(['a', '127.0.1.0/24'], ['b', '127.0.2.0/24']),
    "Platform 'sample': there must be 3 zones or more, got 2; add zones in stacks/<stack>.ts",
  ],
  [
    'a zone whose network overlaps another',
    zones(['a', '127.0.1.0/24'], ['b', '127.0.0.0/22'], ['c', '127.0.9.0/24']),
    "Zone 'b': network must not overlap 127.0.1.0/24 of zone 'a', got '127.0.0.0/22'; set it in stacks/<stack>.ts",
  ],
  [
    'a zone whose network is not in CIDR notation',
    zones(['a', '127.0.1.1/24'], ['b', '127.0.2.0/24'], ['c', '127.0.3.0/24']),
    "Zone 'a': network must be an IPv4 network in CIDR notation, such as '127.0.1.0/24', got '127.0.1.1/24'",
  ],
  [
    'two zones of one name',
    zones(['a', '127.0.1.0/24'], ['a', '127.0.2.0/24'], ['c', '127.0.3.0/24']),
    "Zone 'a': names of zones must be unique, got 2 of them",
  ],
  [
    'a zone that takes the name of the point of presence',
    zones(['a', '127.0.1.0/24'], ['edge', '127.0.2.0/24'], ['c', '127.0.3.0/24']),
    "Zone 'edge': name must not be that of the point of presence",
  ],
  [
    'a call to a service that is not in the platform',
    withService('archive', { calls: [callTo(stranger, 'greet')] }),
    "Service 'archive': it must call services of this platform ('door', 'shelf', 'archive'), got a call to 'stranger'; add 'stranger' to infra/platform.ts or remove the call in services/archive/service.ts",
  ],
  [
    'a call of a method that the contract lacks',
    withService('archive', { calls: [callTo(shelf, 'burnBooks')] }),
    "Service 'archive': calls to 'shelf' must name methods of its contract ('listBooks', 'importBooks'), got 'burnBooks'; set it in services/archive/service.ts",
  ],
  [
    'a call without methods',
    withService('archive', { calls: [callTo(shelf)] }),
    "Service 'archive': calls to 'shelf' must name methods of its contract ('listBooks', 'importBooks'), got none",
  ],
  [
    'a service that calls itself',
    withService('archive', { calls: [callTo(archive, 'readEntry')] }),
    "Service 'archive': a service must not call itself, got a call to 'archive'; remove it in services/archive/service.ts",
  ],
  [
    'one callee named in two calls',
    withService('archive', { calls: [callTo(shelf, 'listBooks'), callTo(shelf, 'importBooks')] }),
    "Service 'archive': all methods of 'shelf' must be named in one call, got several calls",
  ],
  [
    'a cycle of synchronous calls',
    {
      ...samplePlatform,
      services: [
        door,
        { ...shelf, calls: [callTo(archive, 'readEntry')] },
        { ...archive, calls: [callTo(shelf, 'listBooks')] },
      ],
    },
    "Service 'archive': synchronous calls must not form a cycle, got archive → shelf → archive; turn one of these calls into an event, or remove it, in services/archive/service.ts or services/shelf/service.ts",
  ],
  [
    'a method of a public service that is neither exposed nor internal',
    withService('shelf', { internalMethods: [] }),
    "Service 'shelf': method 'importBooks' must either have a google.api.http annotation or be listed in internalMethods, got neither; decide it in the contract or in services/shelf/service.ts",
  ],
  [
    'a method that is both exposed and internal',
    withService('shelf', { internalMethods: ['importBooks', 'listBooks'] }),
    "Service 'shelf': method 'listBooks' must either have a google.api.http annotation or be listed in internalMethods, got both",
  ],
  [
    'an internal method that the contract lacks',
    withService('shelf', { internalMethods: ['importBooks', 'burnBooks'] }),
    "Service 'shelf': internalMethods must be methods of its contract ('listBooks', 'importBooks'), got 'burnBooks'",
  ],
  [
    'an edge that does not sign contexts',
    withService('door', { signs: [] }),
    "Service 'door': it must sign 'context', because requests enter by it, got none; set it in services/door/service.ts",
  ],
  [
    'system methods that the contract lacks',
    withService('shelf', { systemMethods: ['importBooks', 'burnBooks'] }),
    "Service 'shelf': systemMethods must be methods of its contract ('listBooks', 'importBooks'), got 'burnBooks'; set it in services/shelf/service.ts",
  ],
  [
    'a task that calls a method for users',
    withService('shelf', { systemMethods: [] }),
    "Task 'filler': methods of 'shelf' that a task calls must be in its systemMethods, got 'importBooks'; set it in services/shelf/service.ts",
  ],
  [
    'a call that no request leads to and the platform may not make',
    withService('archive', { systemMethods: [] }),
    "Service 'archive': method 'readEntry' must be in systemMethods, because it is called and no request from the edge leads to it",
  ],
  [
    'an internal service with an exposed method',
    withService('shelf', { exposure: 'internal' }),
    "Service 'shelf': method 'listBooks' must not have a google.api.http annotation, because the service is not public",
  ],
  [
    'two methods behind one route',
    plus({
      ...stranger,
      exposure: 'public',
      contract: sampleContract('sample.stranger.v1.StrangerService', { greet: 'GET /v1/books' }),
    }),
    "Service 'stranger': route of method 'greet' must not be that of shelf.listBooks, got 'GET /v1/books'",
  ],
  [
    'a platform without an edge',
    withService('door', { exposure: 'internal' }),
    "Platform 'sample': exactly one service must have the exposure 'edge', got none",
  ],
  [
    'an inner service without a contract',
    withService('archive', { contract: undefined }),
    "Service 'archive': it must have a contract unless its exposure is 'edge', got none",
  ],
  [
    'a topic whose name has another form',
    shelfTopic({ name: 'shelf-events' }),
    "Topic 'shelf-events': name must have the form '<domain>.events.v1', got 'shelf-events'; rename it in services/shelf/topics.ts",
  ],
  [
    "a topic in another service's domain",
    shelfTopic({ name: 'archive.events.v1' }),
    "Topic 'archive.events.v1': its domain must be the service that publishes it ('shelf'), got 'archive'",
  ],
  [
    'a topic without partitions',
    shelfTopic({ partitions: 0 }),
    "Topic 'shelf.events.v1': partitions must be 1 to 200, got 0; set it in services/shelf/topics.ts",
  ],
  [
    'a topic with too many partitions',
    shelfTopic({ partitions: 201 }),
    'partitions must be 1 to 200, got 201',
  ],
  [
    'a topic with more copies than zones',
    shelfTopic({ replication: 4 }),
    "Topic 'shelf.events.v1': replication must be 3, got 4",
  ],
  [
    'a topic with a single copy',
    shelfTopic({ replication: 1 }),
    "Topic 'shelf.events.v1': replication must be 3, got 1; set it in services/shelf/topics.ts",
  ],
  [
    'a consumer of a topic that nobody publishes',
    withService('shelf', { publishes: [] }),
    "Service 'archive': it must consume topics that a service publishes (none), got 'shelf.events.v1'; publish it in services/shelf/service.ts or remove it in services/archive/service.ts",
  ],
  [
    'a topic that is declared twice',
    withService('archive', {
      consumes: [topic({ name: 'shelf.events.v1', key: 'id', events: [] })],
    }),
    "Topic 'shelf.events.v1': names of topics must be unique, got 2 of them",
  ],
  [
    'a topic that is consumed twice',
    withService('archive', { consumes: [...archive.consumes, ...archive.consumes] }),
    "Service 'archive': consumes must name each topic once, got 2 of them",
  ],
  [
    'more processes than PostgreSQL has connections for',
    plus(...[1, 2, 3, 4, 5, 6, 7].map(ledger)),
    "Service 'shelf': scale.maxReplicas must leave 2 connections to PostgreSQL for the requests of each process, when all services share 960 at their most replicas and twice during a release, got 20, with which they need 1000; set it in services/shelf/service.ts, or in that of another service with a database",
  ],
  [
    'a service that handles nothing',
    withService('shelf', { limits: { concurrency: 0, queueDepth: 1 } }),
    'limits.concurrency must be 1 to 10000, got 0',
  ],
  [
    'a table that only grows, by a name that is none',
    withService('shelf', {
      stores: [
        postgres({
          name: 'shelf',
          migrations: 'services/shelf/migrations',
          appendOnly: ['loans', 'Loans'],
        }),
      ],
    }),
    "Store 'shelf': appendOnly must name tables as SQL takes them without quotes, each once, got 'Loans'; set it in services/shelf/service.ts",
  ],
  [
    'migrations outside the folder of the service',
    withService('shelf', { stores: [postgres({ name: 'shelf', migrations: '../migrations' })] }),
    "Store 'shelf': migrations must be a folder below services/shelf/ (lower-case letters, digits and hyphens), got '../migrations'; set it in services/shelf/service.ts",
  ],
  [
    'a store whose name is not a label',
    withService('shelf', { stores: [redis({ name: 'Shelf!' })] }),
    "Store 'Shelf!': name must be 1 to 32 lower-case letters",
  ],
  [
    'an exposure that there is not',
    withService('shelf', { exposure: 'publik' as 'public' }),
    "Service 'shelf': exposure must be one of 'public', 'internal', 'edge', got 'publik'; set it in services/shelf/service.ts",
  ],
  [
    'two stores behind one binding',
    withService('archive', {
      stores: [postgres({ name: 'shelf', migrations: 'services/archive/migrations' })],
    }),
    "Binding 'shelf-postgres': the binding of a store must differ from those of other stores and of services, got 2 of them",
  ],
  [
    "a service that would become the database's superuser",
    plus({ ...stranger, name: 'postgres' }),
    "Database role 'postgres': it must belong to one service or store only, got 2 of them",
  ],
  [
    'a service that would become what copies the databases',
    plus({ ...stranger, name: 'streaming-replica' }),
    "Database role 'streaming_replica': it must belong to one service or store only, got 2 of them",
  ],
];

describe('platformProblems', () => {
  test('finds nothing in a valid platform', () => {
    expect(platformProblems(samplePlatform)).toEqual([]);
  });

  test.each(CASES)('refuses %s', (_title, platform, problem) => {
    expect(platformProblems(platform).filter((text) => text.includes(problem))).toHaveLength(1);
  });

  test.each(CASES)('says what is allowed, what was given and where, for %s', (_title, platform) => {
    for (const text of platformProblems(platform)) {
      expect(text).toMatch(/^[A-Z][a-z ]+ '.*': .+, got .+; .+$/);
    }
  });
});
