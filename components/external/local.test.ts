import { describe, expect, test } from '@jest/globals';
import { binder, platformWithExternal } from '../model/testing/sample-external.ts';
import { record } from '../testing/recording-mocks.ts';
import { declareSample } from '../testing/sample-program.ts';
import { sampleStack } from '../testing/sample-stack.ts';

const platform = platformWithExternal();
const stack = sampleStack({ passwordGeneration: 3 }, platform);

describe('a system outside the platform, on this machine', () => {
  test('is a process that says that it stands in, after its secrets and before its users', async () => {
    const recording = await record(() => {
      declareSample(stack);
    });
    expect(recording.names('SecretFile').toSorted()).toEqual([
      'externals-binder-api-key',
      'externals-binder-webhook-secret',
    ]);
    expect(recording.resource('externals-binder-api-key').inputs).toMatchObject({
      name: 'binder-api-key',
      generation: 3,
    });
    for (const [before, after] of [
      ['externals-binder-api-key', 'binder-stand-in'],
      ['zones-a', 'binder-stand-in'],
      ['binder-stand-in', 'shelf-a-0'],
    ] as const) {
      expect([after, recording.waits(after, before)]).toEqual([after, true]);
    }
  });

  test('is told where it listens, where its keys and data lie, and to whom its webhooks go', () => {
    const [lowered] = sampleStack(
      { standIns: { binder: { declinePercent: 5 } } },
      platform,
    ).externals;
    expect(lowered?.process).toMatchObject({
      name: 'binder-stand-in',
      data: true,
      listens: [{ name: 'http', address: '127.0.1.6', port: 20_013 }],
      readiness: { kind: 'http', url: 'http://127.0.1.6:20013/healthz' },
    });
    expect(JSON.parse(lowered?.process.files['config/stand-in.json'] ?? '')).toEqual({
      name: 'binder-stand-in',
      listen: { address: '127.0.1.6', port: 20_013 },
      dataFolder: '${data:json}',
      secretFiles: {
        'api-key': '${state:json}/credentials/binder-api-key',
        'webhook-secret': '${state:json}/credentials/binder-webhook-secret',
      },
      webhooks: {
        url: 'https://localhost:20443/v1/webhooks/binder',
        caFile: '${self:json}/tls/ca.crt',
        connectTo: { host: '127.0.0.1', port: 20_443 },
      },
      behaviour: { declinePercent: 5 },
    });
  });

  test('is bound to its user alone, by files of keys and none of the keys themselves', () => {
    const bindingOf = (name: string) => {
      const [replica] = stack.services.find((service) => service.name === name)?.replicas ?? [];
      return Object.fromEntries(
        Object.entries(replica?.process.files ?? {})
          .filter(([path]) => path.startsWith('bindings/external-'))
          .map(([path, text]) => [path.replace('bindings/', ''), text]),
      );
    };
    expect(bindingOf('shelf')).toEqual({
      'external-binder/type': 'external',
      'external-binder/provider': 'meridian',
      'external-binder/uri': 'http://127.0.1.6:20013',
      'external-binder/api-key-file': '${state}/credentials/binder-api-key',
      'external-binder/webhook-secret-file': '${state}/credentials/binder-webhook-secret',
    });
    expect(bindingOf('door')).toEqual({});
  });

  test('of which something is ours has that kept by what stands in for it', () => {
    const store = { ...binder, parameters: ['region', 'bucket'] as const };
    const { externals, services } = sampleStack({}, platformWithExternal({ externals: [store] }));
    expect(JSON.parse(externals[0]?.process.files['config/stand-in.json'] ?? '')).toMatchObject({
      parameters: { bucket: 'checkpoints', region: 'local' },
    });
    const shelf = services.find(({ name }) => name === 'shelf');
    expect(shelf?.replicas[0]?.process.files).toMatchObject({
      'bindings/external-binder/bucket': 'checkpoints',
      'bindings/external-binder/region': 'local',
    });
  });

  test('is published with what stands in for it', async () => {
    await record(() => {
      expect(declareSample(stack).externals.systems).toEqual([
        { name: 'binder', uri: 'http://127.0.1.6:20013', standIn: 'binder-stand-in' },
      ]);
    });
  });

  test('has no settings that are of another one', () => {
    expect(() => sampleStack({ standIns: { printer: {} } }, platform)).toThrow(
      "Setting 'meridian:standIns.printer': must be for a system outside the platform that it uses ('binder', 'pager'), got 'printer'; remove it in Pulumi.sample.yaml",
    );
  });
});
