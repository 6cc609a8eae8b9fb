import { describe, expect, test } from '@jest/globals';
import { measuredScale, UNMEASURED_CPU_MILLICORES, unmeasuredHeapMiB } from './measured-scale.ts';
import { DEFAULT_SCALE } from './sizing.ts';

const measured = { peakMiB: 156, heapMiB: 40, cpuMsPerCall: 14.3 };

describe('the size of a replica', () => {
  test('has a heap of four fifths of what is left beside the rest', () => {
    expect(measuredScale(DEFAULT_SCALE, measured)).toMatchObject({
      outsideHeapMiB: 116,
      heapMiB: Math.floor((256 - 116) * 0.8),
    });
  });

  test('never has less heap than was in use, wherever a fifth of the limit is left above the most', () => {
    for (const peakMiB of [60, 156, 204]) {
      const memoryMiB = Math.ceil(peakMiB / 0.8);
      const { heapMiB } = measuredScale(
        { ...DEFAULT_SCALE, memoryMiB },
        { peakMiB, heapMiB: peakMiB - 10 },
      );
      expect(heapMiB).toBeGreaterThanOrEqual(peakMiB - 10);
    }
  });

  test('has the CPU at which the autoscaler adds a replica when the declared calls come', () => {
    // 14.3 ms × 10 a second are 143 m, which is to be 70 % of it.
    expect(measuredScale(DEFAULT_SCALE, measured).cpuMillicores).toBe(210);
    expect(measuredScale({ ...DEFAULT_SCALE, targetCpuPercent: 50 }, measured).cpuMillicores).toBe(
      290,
    );
    expect(measuredScale({ ...DEFAULT_SCALE, callsPerSecond: 20 }, measured).cpuMillicores).toBe(
      410,
    );
  });

  test('has some CPU where hardly anybody calls', () => {
    expect(measuredScale({ ...DEFAULT_SCALE, callsPerSecond: 1 }, measured).cpuMillicores).toBe(50);
  });

  test('is what the service says, where it says it', () => {
    const own = { ...DEFAULT_SCALE, cpuMillicores: 500, heapMiB: 64 };
    expect(measuredScale(own, measured)).toMatchObject({ cpuMillicores: 500, heapMiB: 64 });
    expect(measuredScale(own)).toMatchObject({ heapMiB: 64, outsideHeapMiB: 192 });
  });

  test('is a plain one where nobody has measured, or too few have called', () => {
    expect(measuredScale(DEFAULT_SCALE)).toMatchObject({
      cpuMillicores: UNMEASURED_CPU_MILLICORES,
      heapMiB: 102,
      outsideHeapMiB: 128,
    });
    expect(unmeasuredHeapMiB(DEFAULT_SCALE.memoryMiB)).toBe(102);
    const { cpuMillicores } = measuredScale(DEFAULT_SCALE, { peakMiB: 156, heapMiB: 40 });
    expect(cpuMillicores).toBe(UNMEASURED_CPU_MILLICORES);
  });
});
