import { describe, expect, test } from '@jest/globals';
import { NO, SIGN_IN, YES } from '@meridian/language/access.ts';
import { withService } from '../model/testing/sample-platform.ts';
import { record } from '../testing/recording-mocks.ts';
import { declareSample } from '../testing/sample-program.ts';
import { sampleSources, sampleStack, sourcesWithTelemetry } from '../testing/sample-stack.ts';

const FOR_MERCHANTS = {
  ...{ anonymous: SIGN_IN, customer: NO, merchant: YES, support: NO, auditor: NO },
} as const;

const recordSample = (replicas: Readonly<Record<string, number>> = {}) =>
  record(() => {
    declareSample(sampleStack({ replicas }));
  });

const shelfReplica = () => {
  const [replica] = sampleStack().services.find(({ name }) => name === 'shelf')?.replicas ?? [];
  if (replica === undefined) throw new Error('The sample has a shelf');
  return replica.process;
};

const configurationOf = (files: Readonly<Record<string, string>>) =>
  JSON.parse(files['config/service.json'] ?? '') as Readonly<Record<string, unknown>>;

describe('Service on this machine', () => {
  test('is one process in each zone by default', async () => {
    const recording = await recordSample();
    expect(recording.names('Process').filter((name) => name.startsWith('shelf'))).toEqual([
      'shelf-a-0',
      'shelf-b-0',
      'shelf-c-0',
    ]);
    expect(recording.resource('shelf-b-0').inputs).toMatchObject({ zone: 'b' });
  });

  test('has as many replicas as the stack says', async () => {
    const recording = await recordSample({ shelf: 4 });
    expect(recording.names('Process')).toContain('shelf-a-1');
  });

  test('starts when its tables are there', async () => {
    const recording = await recordSample();
    expect(recording.waits('shelf-a-0', 'postgres-schema-shelf')).toBe(true);
  });

  test('starts its replicas together, and has them changed one at a time', async () => {
    const recording = await recordSample();
    for (const [name, other] of [
      ['shelf-b-0', 'shelf-a-0'],
      ['shelf-a-0', 'shelf-b-0'],
    ] as const) {
      expect(recording.waits(name, other)).toBe(false);
      expect(recording.resource(name).inputs['rollingGroup']).toBe('shelf');
    }
  });

  test('waits for all replicas of the services that it calls', async () => {
    const recording = await recordSample();
    expect(recording.waits('door-a-0', 'shelf-c-0')).toBe(true);
  });

  test('publishes its replicas with their addresses', async () => {
    await record(() => {
      expect(declareSample().shelf.replicas).toEqual([
        { name: 'shelf-a-0', zone: 'a', address: '127.0.1.24:20000' },
        { name: 'shelf-b-0', zone: 'b', address: '127.0.2.24:20000' },
        { name: 'shelf-c-0', zone: 'c', address: '127.0.3.24:20000' },
      ]);
    });
  });

  test('refuses to be landed when the graph has no such service', async () => {
    const stack = { ...sampleStack(), services: [] };
    await record(() => {
      expect(() => declareSample(stack)).toThrow("Service 'shelf' is not landed");
    });
  });
});

describe('the process of a replica', () => {
  test('is restarted by a change of its code', () => {
    expect(shelfReplica().revision).toBe('shelf-digest');
  });

  test('knows who it is and who may call it', () => {
    expect(configurationOf(shelfReplica().files)).toMatchObject({
      instance: 'shelf-a-0',
      spiffeId: 'spiffe://sample.local/ns/sample/sa/shelf',
      allow: {
        '/sample.shelf.v1.ShelfService/ImportBooks': ['spiffe://sample.local/ns/sample/sa/filler'],
        '/sample.shelf.v1.ShelfService/ListBooks': ['spiffe://sample.local/ns/sample/sa/door'],
      },
    });
  });

  test('knows who signs contexts, and which of them open its methods', () => {
    expect(configurationOf(shelfReplica().files)['context']).toEqual({
      signer: 'spiffe://sample.local/ns/sample/sa/door',
      methods: {
        '/sample.shelf.v1.ShelfService/ImportBooks': { actors: ['system'], roles: [], entries: {} },
        '/sample.shelf.v1.ShelfService/ListBooks': {
          actors: ['anonymous', 'user'],
          roles: [],
          entries: {
            'spiffe://sample.local/ns/sample/sa/door': ['/sample.shelf.v1.ShelfService/ListBooks'],
          },
        },
      },
    });
  });

  test('behind the edge knows the access to every method that it routes to', () => {
    const { services } = sampleStack(
      {},
      withService('shelf', { access: { listBooks: FOR_MERCHANTS } }),
    );
    const door = services.find(({ name }) => name === 'door')?.replicas[0]?.process;
    expect(configurationOf(door?.files ?? {})['context']).toEqual({
      signer: 'spiffe://sample.local/ns/sample/sa/door',
      methods: {
        '/sample.shelf.v1.ShelfService/ListBooks': { actors: ['user'], roles: ['merchant'] },
      },
    });
  });

  test('behind the edge accepts nobody but the edge', () => {
    const door = sampleStack().services.find(({ name }) => name === 'door');
    expect(configurationOf(door?.replicas[0]?.process.files ?? {})['allow']).toEqual({
      '*': ['spiffe://sample.local/ns/sample/sa/edge'],
    });
  });

  test('has a certificate of its own for each engine, with its role as common name', () => {
    expect(shelfReplica().identities).toMatchObject([
      { folder: 'tls', uris: ['spiffe://sample.local/ns/sample/sa/shelf'] },
      { folder: 'postgres-tls', commonName: 'shelf', usages: ['client'] },
      { folder: 'kafka-tls', commonName: 'shelf', usages: ['client'] },
      {
        folder: 'metrics-tls',
        dnsNames: ['shelf.telemetry.meridian.internal'],
        usages: ['server'],
      },
    ]);
  });

  test('serves its metrics to the collector alone, at a port that others can be told', () => {
    const { files, listens } = shelfReplica();
    expect(configurationOf(files)['metrics']).toEqual({
      ...{ address: '127.0.1.24', port: 20_010, identityFolder: 'metrics-tls' },
      scraper: 'spiffe://sample.local/ns/sample/sa/collector',
    });
    expect(listens).toContainEqual({ name: 'metrics', address: '127.0.1.24', port: 20_010 });
  });

  test('has a key of its own for what it signs, apart from those of TLS', () => {
    const { services } = sampleStack({}, withService('shelf', { signs: ['token', 'context'] }));
    const shelf = services.find(({ name }) => name === 'shelf');
    const uris = ['spiffe://sample.local/ns/sample/sa/shelf'];
    const signers = shelf?.replicas[0]?.process.identities.filter(({ usages }) =>
      usages.includes('sign'),
    );
    expect(signers).toEqual([
      { folder: 'context-signing', uris, dnsNames: [], addresses: [], usages: ['sign'] },
      { folder: 'token-signing', uris, dnsNames: [], addresses: [], usages: ['sign'] },
    ]);
  });

  test('has bindings for its calls, its stores and its telemetry, and for nothing else', () => {
    const door = sampleStack().services.find(({ name }) => name === 'door')?.replicas[0]?.process;
    const bindings = Object.keys(door?.files ?? {}).filter((path) => path.startsWith('bindings/'));
    expect(new Set(bindings.map((path) => path.split('/')[1]))).toEqual(
      new Set(['shelf', 'telemetry']),
    );
    expect(shelfReplica().files).toMatchObject({
      'bindings/shelf-postgres/type': 'postgresql',
      'bindings/shelf-postgres/host': '127.0.1.2',
      'bindings/shelf-postgres/port': '20002',
      'bindings/shelf-postgres/username': 'shelf',
      'bindings/shelf-postgres/sslmode': 'verify-full',
    });
  });

  test('is not restarted when a callee gets more replicas: its address list is live', () => {
    const doorOf = (replicas: Readonly<Record<string, number>>) => {
      const door = sampleStack({ replicas }).services.find(({ name }) => name === 'door');
      if (door?.replicas[0] === undefined) throw new Error('The sample has a door');
      return door.replicas[0].process;
    };
    const [before, after] = [doorOf({}), doorOf({ shelf: 6 })];
    expect(after.files).toEqual(before.files);
    expect(after.liveFiles['bindings/shelf/addresses']?.split('\n')).toHaveLength(7);
  });

  test('is not restarted when a collector comes: all that is another are lines of a live file', () => {
    const shelfOf = (sources: typeof sampleSources) => {
      const shelf = sampleStack({}, undefined, sources).services.find(
        ({ name }) => name === 'shelf',
      );
      if (shelf?.replicas[0] === undefined) throw new Error('The sample has a shelf');
      return shelf.replicas[0].process;
    };
    const [before, after] = [shelfOf(sampleSources), shelfOf(sourcesWithTelemetry)];
    const { 'bindings/telemetry/addresses': none, ...others } = before.liveFiles;
    const { 'bindings/telemetry/addresses': addresses, ...same } = after.liveFiles;
    expect([none, addresses]).toEqual(['', '127.0.8.2:20016\n']);
    expect({ ...after, liveFiles: same }).toEqual({ ...before, liveFiles: others });
    expect(shelfReplica().files).toMatchObject({
      'bindings/telemetry/type': 'otlp',
      'bindings/telemetry/uri': 'addresses:telemetry/addresses',
      'bindings/telemetry/spiffe-id': 'spiffe://sample.local/ns/sample/sa/collector',
    });
  });

  test('holds no secret', () => {
    expect(JSON.stringify(sampleStack())).not.toMatch(/PRIVATE KEY|password=|secret=/);
  });
});
