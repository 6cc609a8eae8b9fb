import { describe, expect, test } from '@jest/globals';
import { record } from '../testing/recording-mocks.ts';
import { declareSample } from '../testing/sample-program.ts';
import { sampleStack } from '../testing/sample-stack.ts';
import { LIMITS } from '../../services/gateway/http/limits.ts';
import { ENDPOINTS_FILE } from './local/envoy-endpoints.ts';
import { LONGEST_WAIT_MS } from '../../services/kit/rpc/longest-wait.ts';
import { READ_TRY_SECONDS, WAIT_HEADER, WAIT_SECONDS } from './retry-policy.ts';

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
    // In a file that changes under a running Envoy, and that its bootstrap names.
    const endpoints = sampleStack().edge.process.liveFiles[ENDPOINTS_FILE];
    for (const address of ['127.0.1.16', '127.0.2.16', '127.0.3.16']) {
      expect(endpoints).toContain(`"address": "${address}"`);
    }
    expect(bootstrap()).toContain(ENDPOINTS_FILE);
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
      expect(files[`secrets/${name}.json`]).toContain('"path": "${self:json}"');
    }
  });

  test('sends again what no gateway has got, and reads of a gateway that has gone, at another', () => {
    const { static_resources } = JSON.parse(bootstrap()) as {
      static_resources: {
        listeners: [{ filter_chains: [{ filters: [{ typed_config: unknown }] }] }];
      };
    };
    const [{ filter_chains }] = static_resources.listeners;
    const neverSent = 'connect-failure,refused-stream,reset-before-request';
    const elsewhere = {
      num_retries: 2,
      retry_host_predicate: [{ name: 'envoy.retry_host_predicates.previous_hosts' }],
    };
    expect(filter_chains[0].filters[0].typed_config).toMatchObject({
      route_config: {
        virtual_hosts: [
          {
            routes: [
              { direct_response: { status: 400 } },
              { direct_response: { status: 501 } },
              {
                match: { headers: [{ name: ':method' }, { name: 'prefer' }] },
                route: {
                  timeout: '40s',
                  retry_policy: { ...elsewhere, retry_on: `${neverSent},reset` },
                },
              },
              {
                match: { headers: [{ string_match: { safe_regex: { regex: 'GET|HEAD' } } }] },
                route: {
                  timeout: '15s',
                  retry_policy: {
                    ...elsewhere,
                    retry_on: `${neverSent},reset`,
                    per_try_timeout: '7s',
                  },
                },
              },
              { route: { retry_policy: { ...elsewhere, retry_on: neverSent } } },
            ],
          },
        ],
      },
    });
    expect(bootstrap()).not.toContain('retriable_status_codes');
  });

  test('gives a gateway longer for a read than the gateway gives to what it calls', () => {
    expect(READ_TRY_SECONDS * 1_000).toBeGreaterThan(LIMITS.callTimeoutMs);
  });

  test('gives a read that waits longer than the gateway gives to what it waits for', () => {
    expect(WAIT_SECONDS * 1_000).toBeGreaterThan(LONGEST_WAIT_MS + LIMITS.callTimeoutMs);
    expect(bootstrap().match(/"per_try_timeout"/g)).toHaveLength(1);
    const asks = new RegExp(WAIT_HEADER.regex.replace('(?i)', '^') + '$', 'i');
    const given = ['wait=20', 'respond-async, WAIT = 5', 'handling=lenient,wait="9"; x', 'await=1'];
    expect(given.map((header) => asks.test(header))).toEqual([true, true, true, false]);
    expect(asks.test('return=minimal')).toBe(false);
  });
});
