import { expect, test } from '@jest/globals';
import { replicaSize, sizesOf } from './sizes.ts';

const status = (peakKib: number): string =>
  `Name:\tnode\nVmPeak:\t 9 kB\nVmHWM:\t  ${peakKib} kB\n`;
const metrics = (heapBytes: number, cpuSeconds: number, calls: number): string =>
  [
    `nodejs_heap_size_used_bytes ${heapBytes}`,
    'nodejs_heap_size_total_bytes 999',
    `process_cpu_seconds_total ${cpuSeconds}`,
    `process_cpu_seconds_total{job="x"} ${cpuSeconds}`,
    `rpc_server_call_duration_seconds_count{rpc_method="a/B"} ${calls}`,
    `http_server_request_duration_seconds_count{http_route="/v1"} ${calls}`,
    'rpc_server_call_duration_seconds_bucket{le="1"} 77',
  ].join('\n');

test('a service is as large as the largest of its replicas, and a call costs what all of them cost', () => {
  const replicas = [
    replicaSize('shelf', status(204_800), metrics(52_428_800, 3, 50)),
    replicaSize('shelf', status(307_300), metrics(10, 1, 150)),
    replicaSize('door', status(1_024), metrics(0, 1, 0)),
  ];
  expect(sizesOf(replicas)).toEqual({
    door: { peakMiB: 1, heapMiB: 0 },
    shelf: { peakMiB: 301, heapMiB: 50, cpuMsPerCall: 20 },
  });
});
