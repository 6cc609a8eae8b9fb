import { describe, expect, test } from '@jest/globals';
import type { PlatformProps } from '../platform.ts';
import type { AnyService } from '../service.ts';
import { samplePlatform, shelf, withService } from '../testing/sample-platform.ts';
import { platformProblems } from './platform-problems.ts';

const shelfScale = (scale: Partial<AnyService['scale']>) =>
  withService('shelf', { scale: { ...shelf.scale, ...scale } });

const CASES: readonly (readonly [title: string, platform: PlatformProps, problem: string])[] = [
  [
    'a single replica',
    shelfScale({ minReplicas: 1 }),
    "Service 'shelf': scale.minReplicas must be 2 to 20, got 1; set it in services/shelf/service.ts",
  ],
  [
    'too many replicas',
    shelfScale({ maxReplicas: 21 }),
    'scale.maxReplicas must be 2 to 20, got 21',
  ],
  [
    'a least number of replicas above the most',
    shelfScale({ minReplicas: 5, maxReplicas: 4 }),
    "Service 'shelf': scale.minReplicas must not exceed scale.maxReplicas (4), got 5",
  ],
  [
    'a broken number of replicas',
    shelfScale({ minReplicas: 2.5 }),
    'minReplicas must be 2 to 20, got 2.5',
  ],
  [
    'less memory than Node.js takes',
    shelfScale({ memoryMiB: 64 }),
    "Service 'shelf': scale.memoryMiB must be 128 to 65536, got 64; set it in services/shelf/service.ts",
  ],
  [
    'less memory than what was measured leaves a fifth of',
    { ...samplePlatform, measured: { shelf: { peakMiB: 205, heapMiB: 30 } } },
    "Service 'shelf': scale.memoryMiB must be 257 or more, since 205 MiB were measured (services/measured.json) and may be 80 % of it, got 256; set it in services/shelf/service.ts, or measure again (npm run bench:sizes)",
  ],
  [
    'a heap in which there is no room for what was in use',
    {
      ...shelfScale({ heapMiB: 29 }),
      measured: { shelf: { peakMiB: 200, heapMiB: 30 } },
    },
    "Service 'shelf': scale.heapMiB must be 30 to 86, since 30 MiB of it were measured to be in use, and 170 of 256 MiB of memory beside it (services/measured.json), got 29; set it or scale.memoryMiB in services/shelf/service.ts, or leave it out",
  ],
  [
    'a heap that has no room beside the rest',
    {
      ...shelfScale({ heapMiB: 87 }),
      measured: { shelf: { peakMiB: 200, heapMiB: 30 } },
    },
    'scale.heapMiB must be 30 to 86',
  ],
  [
    'a heap that is nearly all of the memory, where nobody has measured',
    shelfScale({ heapMiB: 205 }),
    "Service 'shelf': scale.heapMiB must be 32 to 204, of 256 MiB of memory, got 205",
  ],
  [
    'more calls than one processor takes',
    {
      ...shelfScale({ callsPerSecond: 21 }),
      measured: { shelf: { peakMiB: 100, heapMiB: 30, cpuMsPerCall: 49.5 } },
    },
    "Service 'shelf': scale.callsPerSecond must be 20 or less, since a call was measured to take 49.5 ms of the one processor that runs JavaScript (services/measured.json), got 21; set it in services/shelf/service.ts, or measure again (npm run bench:sizes)",
  ],
  [
    'calls that are less than one',
    shelfScale({ callsPerSecond: 0.5 }),
    'scale.callsPerSecond must be 1 to 10000, got 0.5',
  ],
  [
    'a CPU target that cannot be held',
    shelfScale({ targetCpuPercent: 100 }),
    'scale.targetCpuPercent must be 10 to 95, got 100',
  ],
];

describe('the scale of a service', () => {
  test.each(CASES)('is refused with %s', (_title, platform, problem) => {
    const found = platformProblems(platform).filter((text) => text.includes(problem));
    expect(found).toHaveLength(1);
    expect(found[0]).toMatch(/^Service 'shelf': .+, got .+; .+$/);
  });

  test('may say of heap and calls what fits to what was measured', () => {
    const measured = { shelf: { peakMiB: 200, heapMiB: 30, cpuMsPerCall: 50 } };
    const platform = { ...shelfScale({ heapMiB: 86, callsPerSecond: 20 }), measured };
    expect(platformProblems(platform)).toEqual([]);
  });
});
