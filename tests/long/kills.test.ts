import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { ProcessStatus } from '@meridian/provider-local/agent-client.ts';
import { killAndHeal } from '../end-to-end/fault.ts';
import { eventually, expectSuccess } from '../end-to-end/platform-under-test.ts';
import type { PlatformUnderTest } from '../end-to-end/platform-under-test.ts';
import { readWhile } from '../end-to-end/reading.ts';
import { endPlatform, startPlatform } from './start-platform.ts';

const minutes = 60_000;

/** Every kill that one zone can suffer, again and again, while a reader never pauses. */
describe('a platform whose processes are killed', () => {
  let platform: PlatformUnderTest;

  beforeAll(async () => {
    platform = await startPlatform();
    expectSuccess(await platform.run(['seed', '--products', '500']));
  }, 15 * minutes);
  afterAll(() => endPlatform(platform), 15 * minutes);

  test.each(['catalog', 'gateway'])(
    'loses no read in 15 kills of %s replicas, zone after zone',
    async (service) => {
      await using reading = readWhile(platform);
      for (let round = 0; round < 15; round += 1) {
        const zone = ['a', 'b', 'c'][round % 3] ?? 'a';
        const after = await killAndHeal(platform, { zone, name: `${service}-${zone}-0` });
        // One failure at a time: the next comes once all that call this replica have found it again.
        await eventually(
          () => healthyGateways(platform),
          (healthy) => healthy === 3,
        );
        if (service === 'catalog') {
          await eventually(
            () => gatewaysConnectedTo(after),
            (connected) => connected === 3,
          );
        }
      }
      const { failures, count } = await reading.end();
      expect(failures).toEqual([]);
      expect(count).toBeGreaterThan(100);
    },
    10 * minutes,
  );

  test.each(['b', 'c', 'b', 'c'])(
    'loses no read when zone %s goes and comes back',
    async (zone) => {
      await using reading = readWhile(platform);
      const { pid } = await platform.agent(zone).status();
      process.kill(pid, 'SIGKILL');
      await eventually(
        () => reading.count,
        (count) => count > 100,
        2 * minutes,
      );
      expectSuccess(await platform.run(['up']));
      const { failures } = await reading.end();
      expect(failures).toEqual([]);
    },
    5 * minutes,
  );
});

/** How many gateways the edge would send a request to, by Envoy's own count. */
async function healthyGateways(platform: PlatformUnderTest): Promise<number> {
  const admin = `http://127.0.0.1:${platform.portBase + 3}`;
  const answer = await fetch(`${admin}/stats?filter=membership_healthy`);
  const counts = [...(await answer.text()).matchAll(/: (\d+)$/gm)].map(([, count]) =>
    Number(count),
  );
  return Math.max(0, ...counts);
}

/** How many connections a replica has at its gRPC address: each gateway holds one. */
function gatewaysConnectedTo(replica: ProcessStatus): number {
  const grpc = replica.listens.find(({ name }) => name === 'grpc');
  if (grpc === undefined) throw new Error('it has no gRPC address');
  const bytes = grpc.address.split('.').map((byte) => hex(Number(byte), 2));
  const local = `${bytes.reverse().join('')}:${hex(grpc.port, 4)}`;
  // Source: Linux, Documentation/networking/proc_net_tcp.rst; state 01 is ESTABLISHED.
  return readFileSync('/proc/net/tcp', 'utf8')
    .split('\n')
    .map((line) => line.trim().split(/\s+/))
    .filter(([, address, , state]) => address === local && state === '01').length;
}

function hex(value: number, digits: number): string {
  return value.toString(16).toUpperCase().padStart(digits, '0');
}
