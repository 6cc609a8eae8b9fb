import { describe, expect, test } from '@jest/globals';
import { sampleStack, sourcesWithTelemetry } from '../../testing/sample-stack.ts';
import { samplePlatform } from '../../model/testing/sample-platform.ts';

const telemetry = sampleStack({}, samplePlatform, sourcesWithTelemetry).observability;
const probes = telemetry?.probes ?? [];

describe('the probes on this machine', () => {
  test('are one in each zone, at an address of it, and come one after the other', () => {
    expect(
      probes.map(({ zone, process: { name, listens, command } }) => [
        ...[zone, name, command.at(-1)],
        ...listens.map(({ address, port }) => `${address}:${port}`),
      ]),
    ).toEqual([
      ['a', 'probe-a', '0', '127.0.1.7:20010', '127.0.1.7:20001'],
      ['b', 'probe-b', '0.333', '127.0.2.7:20010', '127.0.2.7:20001'],
      ['c', 'probe-c', '0.667', '127.0.3.7:20010', '127.0.3.7:20001'],
    ]);
  });

  test('know the edge by its name and the root of the stack, and nothing else', () => {
    const { files, liveFiles } = probes[1]?.process ?? {};
    const bindings = Object.entries(files ?? {}).filter(([file]) => file.startsWith('bindings/'));
    expect({ ...Object.fromEntries(bindings), ...liveFiles }).toEqual({
      'bindings/edge/type': 'edge',
      'bindings/edge/provider': 'meridian',
      'bindings/edge/uri': 'https://localhost:20443',
      'bindings/edge/ca-file': 'tls/ca.crt',
      'bindings/edge/password-file': '${state}/credentials/probe-b',
    });
  });

  test('have a password each that the graph does not know, and no certificate of a client', () => {
    const names = telemetry?.secrets.map(({ name }) => name);
    expect(names).toEqual(expect.arrayContaining(['probe-a', 'probe-b', 'probe-c']));
    for (const { process } of probes) {
      expect(process.identities.flatMap(({ usages }) => usages)).toEqual(['server', 'server']);
    }
  });
});
