import { describe, expect, test } from '@jest/globals';
import { record } from '../testing/recording-mocks.ts';
import { declareSample } from '../testing/sample-program.ts';

describe('Zones on this machine', () => {
  test('is one agent for each zone, with its network and the lifetime of its leaves', async () => {
    const recording = await record(() => {
      declareSample();
    });
    expect(recording.names('ZoneAgent')).toEqual(['edge-agent', 'zones-a', 'zones-b', 'zones-c']);
    expect(recording.resource('zones-b').inputs).toMatchObject({
      zone: 'b',
      network: '127.0.2.0/24',
      leafLifetimeSeconds: 600,
    });
  });

  test('starts agents below the root authority and after it', async () => {
    const recording = await record(() => {
      declareSample();
    });
    expect(recording.resource('zones-a').inputs).toMatchObject({
      rootFingerprint: 'certificates-root-fingerprint',
    });
    expect(recording.waits('zones-a', 'certificates-root')).toBe(true);
  });

  test('knows no zone but its own', async () => {
    await record(() => {
      const { zones } = declareSample();
      expect(() => zones.host('z')).toThrow("There is no zone 'z'");
    });
  });
});
