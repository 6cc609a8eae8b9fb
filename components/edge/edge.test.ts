import { describe, expect, test } from '@jest/globals';
import { record } from '../testing/recording-mocks.ts';
import { declareSample } from '../testing/sample-program.ts';
import { sampleStack } from '../testing/sample-stack.ts';

const bootstrap = () => sampleStack().edge.process.files['envoy.json'] ?? '';

describe('Edge on this machine', () => {
  test('is Envoy in an agent of its own, so that no zone takes it along', async () => {
    const recording = await record(() => {
      declareSample();
    });
    expect(recording.resource('edge-agent').inputs).toMatchObject({
      zone: 'edge',
      network: '127.0.0.0/24',
      rootFingerprint: 'certificates-root-fingerprint',
    });
    expect(recording.resource('edge-envoy').inputs).toMatchObject({
      zone: 'edge',
      spec: { name: 'envoy' },
    });
  });

  test('opens when all gateways are up', async () => {
    const recording = await record(() => {
      declareSample();
    });
    expect(recording.waits('edge-envoy', 'door-c-0')).toBe(true);
  });

  test('publishes its address', async () => {
    await record(() => {
      expect(declareSample().edge.url).toBe('https://localhost:20443');
    });
  });
});

describe('the configuration of Envoy', () => {
  test('sends to the gateways of all zones', () => {
    for (const address of ['127.0.1.16', '127.0.2.16', '127.0.3.16']) {
      expect(bootstrap()).toContain(`"address": "${address}"`);
    }
  });

  test('knows a gateway by its SPIFFE ID and shows a certificate of its own', () => {
    expect(bootstrap()).toContain('"exact": "spiffe://sample.local/ns/sample/sa/door"');
    expect(sampleStack().edge.process.identities).toMatchObject([
      { folder: 'tls', dnsNames: ['localhost'], addresses: ['127.0.0.1'] },
      { folder: 'origin', uris: ['spiffe://sample.local/ns/sample/sa/edge'], usages: ['client'] },
    ]);
  });

  test('listens on loopback only', () => {
    const { listens } = sampleStack().edge.process;
    expect(listens.map(({ address }) => address)).toEqual(['127.0.0.1', '127.0.0.1']);
    expect(bootstrap()).not.toMatch(/0\.0\.0\.0|"::"/);
  });

  test('watches the folder in which renewed certificates appear', () => {
    const { files } = sampleStack().edge.process;
    for (const name of ['tls', 'origin', 'root']) {
      expect(files[`secrets/${name}.json`]).toContain('"path": "${self}"');
    }
  });

  test('tries again only what changes nothing', () => {
    const { static_resources } = JSON.parse(bootstrap()) as {
      static_resources: {
        listeners: [{ filter_chains: [{ filters: [{ typed_config: unknown }] }] }];
      };
    };
    const [{ filter_chains }] = static_resources.listeners;
    expect(filter_chains[0].filters[0].typed_config).toMatchObject({
      route_config: {
        virtual_hosts: [
          {
            routes: [
              {
                match: {
                  headers: [{ string_match: { safe_regex: { regex: 'GET|HEAD' } } }],
                },
                route: { retry_policy: { num_retries: 3 } },
              },
              { route: expect.not.objectContaining({ retry_policy: expect.anything() }) },
            ],
          },
        ],
      },
    });
  });
});
