import { describe, expect, test } from '@jest/globals';
import { restartDigest } from '@meridian/provider-local/process-spec.ts';
import type { ProcessSpec } from '@meridian/provider-local/process-spec.ts';
import { sampleStack, sourcesWithTelemetry } from '../testing/sample-stack.ts';
import { samplePlatform } from '../model/testing/sample-platform.ts';

const landedWith = (settings: Parameters<typeof sampleStack>[0] = {}) =>
  sampleStack(settings, samplePlatform, sourcesWithTelemetry);

const telemetry = landedWith().observability;
const process = (name: string): ProcessSpec => {
  const found = telemetry?.processes.find((candidate) => candidate.name === name);
  if (found === undefined) throw new Error(`There is no ${name}`);
  return found;
};
const json = (name: string, file: string): Record<string, unknown> => {
  const { files, liveFiles } = process(name);
  return JSON.parse({ ...files, ...liveFiles }[file] ?? '') as Record<string, unknown>;
};

describe('telemetry on this machine', () => {
  test('is nothing where its engines are not installed, or the stack leaves it out', () => {
    expect(sampleStack().observability).toBeNull();
    expect(landedWith({ telemetry: false }).observability).toBeNull();
  });

  test('restarts no service when it joins', () => {
    const revisions = (stack: ReturnType<typeof sampleStack>) =>
      stack.services.flatMap(({ replicas }) =>
        replicas.map((replica) => restartDigest(replica.process)),
      );
    expect(revisions(landedWith())).toEqual(revisions(sampleStack()));
  });

  test('runs what is installed, so that an upgrade restarts it', () => {
    expect(process('collector').revision).toBe('otelcol-version');
    expect(process('jaeger').revision).toBe('jaeger-version');
  });

  test('listens in a network of its own, each part at an address of its own', () => {
    const addresses = telemetry?.processes.map(({ listens }) => [
      ...new Set(listens.map(({ address }) => address)),
    ]);
    expect(addresses?.flat().toSorted()).toEqual(
      [2, 3, 4, 5, 6, 7, 8, 9].map((host) => `127.0.8.${host}`),
    );
  });

  test('lets nobody in who has no certificate of the platform, or no password', () => {
    for (const name of ['prometheus', 'alertmanager']) {
      expect(json(name, 'web.json')).toMatchObject({
        tls_server_config: { client_auth_type: 'RequireAndVerifyClientCert', min_version: 'TLS13' },
      });
    }
    const text = [...Object.values(process('jaeger').files)].join('');
    expect(text.match(/"client_ca_file"/g)).toHaveLength(3);
    expect(process('victorialogs').command).toEqual(
      expect.arrayContaining(['-tls', '-httpAuth.username=meridian']),
    );
  });

  test('checks whom it asks: no configuration leaves a certificate unverified', () => {
    expect(JSON.stringify(telemetry)).not.toMatch(/insecure/);
  });

  test('has the password of a generation in a file of its own', () => {
    const other = landedWith({ passwordGeneration: 2 }).observability;
    const first = (landed: typeof other) => landed?.secrets[0]?.name;
    expect([first(telemetry), first(other)]).toEqual(['victorialogs-1', 'victorialogs-2']);
  });

  test('scrapes every service as a job of its own, by the name in its certificate', () => {
    const { receivers } = json('collector', 'collector.json') as unknown as {
      readonly receivers: {
        readonly prometheus: { readonly config: { readonly scrape_configs: readonly object[] } };
      };
    };
    const jobs = receivers.prometheus.config.scrape_configs;
    expect(jobs).toContainEqual(
      expect.objectContaining({
        job_name: 'shelf',
        tls_config: expect.objectContaining({ server_name: 'shelf.telemetry.meridian.internal' }),
        relabel_configs: expect.arrayContaining([
          expect.objectContaining({ regex: 'shelf-(a|b|c)-[0-9]+' }),
        ]),
      }),
    );
  });
});
