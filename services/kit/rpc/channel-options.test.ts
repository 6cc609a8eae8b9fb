import { describe, expect, test } from '@jest/globals';
import { EchoService } from '../testing/gen/meridian/kittest/v1/echo_pb.js';
import { serviceConfigOf } from './channel-options.ts';

describe('the service config of a contract', () => {
  test('balances in turn, and retries idempotent methods only, on UNAVAILABLE only', () => {
    const config = serviceConfigOf(EchoService);
    expect(config.loadBalancingConfig).toEqual([{ round_robin: {} }]);
    expect(config.retryThrottling).toBeDefined();
    expect(config.methodConfig).toHaveLength(1);
    const [method] = config.methodConfig;
    expect(method?.name).toEqual([{ service: 'meridian.kittest.v1.EchoService', method: 'Echo' }]);
    expect(method?.retryPolicy?.retryableStatusCodes).toEqual(['UNAVAILABLE']);
  });
});
