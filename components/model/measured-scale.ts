import type { MeasuredSize } from './platform.ts';
import type { DeclaredScale, Scale } from './sizing.ts';

/**
 * Of what is left beside everything else: V8 counts a heap as it was after the last collection, and what it takes until
 * the next is above that.
 */
export const HEAP_SHARE = 0.8;

/** Where nobody has measured: as V8 shares out what it is told of, from 512 MiB on (V8, heap.cc, HeapSizeFromPhysicalMemory). */
const UNMEASURED_SHARE = 0.5;

/** Where nobody has measured, or too few calls were served to say. */
export const UNMEASURED_CPU_MILLICORES = 250;

/** Figures of a busy machine are not more exact than that. */
const CPU_STEP_MILLICORES = 10;

/** What waits for calls needs some as well: it renews certificates, polls, and answers probes and the collector. */
const CPU_LEAST_MILLICORES = 50;

/**
 * The scale of a service, with the size of its replicas from what was measured of it; what the service says itself wins.
 *
 * The heap is told to V8, since without a figure Node.js 24.9 allows 259 MiB in a container of 256 (heap_size_limit of
 * v8.getHeapStatistics): the kernel ends the process before V8 collects. It is a share of what the limit leaves beside
 * the largest that the rest was measured to be.
 *
 * The CPU is what the declared calls take where the autoscaler adds a replica, so that it does so at those calls.
 */
export function measuredScale(declared: DeclaredScale, measured?: MeasuredSize): Scale {
  const outsideHeapMiB = outsideHeap(declared, measured);
  return {
    ...declared,
    cpuMillicores: declared.cpuMillicores ?? cpuOf(declared, measured),
    heapMiB: declared.heapMiB ?? heapBeside(declared.memoryMiB, outsideHeapMiB),
    outsideHeapMiB,
  };
}

/**
 * Code, stacks, buffers and what the allocator keeps: the largest resident set without what was in use of the heap, in MiB.
 * V8's garbage is part of it, so it is rather too much.
 */
export function outsideHeap(
  { memoryMiB, heapMiB }: DeclaredScale,
  measured?: MeasuredSize,
): number {
  if (measured !== undefined) return measured.peakMiB - measured.heapMiB;
  return heapMiB === undefined ? unmeasuredOutside(memoryMiB) : memoryMiB - heapMiB;
}

/** What V8 may use for old objects of a limit of memory, in a program that nobody has measured, in MiB. */
export function unmeasuredHeapMiB(memoryMiB: number): number {
  return heapBeside(memoryMiB, unmeasuredOutside(memoryMiB));
}

function heapBeside(memoryMiB: number, outsideHeapMiB: number): number {
  return Math.floor((memoryMiB - outsideHeapMiB) * HEAP_SHARE);
}

function unmeasuredOutside(memoryMiB: number): number {
  return Math.ceil(memoryMiB * UNMEASURED_SHARE);
}

function cpuOf(
  { callsPerSecond, targetCpuPercent }: DeclaredScale,
  { cpuMsPerCall }: Partial<MeasuredSize> = {},
): number {
  if (cpuMsPerCall === undefined) return UNMEASURED_CPU_MILLICORES;
  // A millisecond of one processor in each second is a thousandth of it.
  const atTarget = (cpuMsPerCall * callsPerSecond) / (targetCpuPercent / 100);
  const steps = Math.ceil(atTarget / CPU_STEP_MILLICORES);
  return Math.max(CPU_LEAST_MILLICORES, steps * CPU_STEP_MILLICORES);
}
