import { describe, expect, test } from '@jest/globals';
import { Cluster } from '../cluster/cluster.ts';
import { landLocal } from '../local/lower-local.ts';
import { Network } from '../network/network.ts';
import { record } from '../testing/recording-mocks.ts';
import { sampleStack } from '../testing/sample-stack.ts';
import { Certificates } from './certificates.ts';

describe('Certificates on this machine', () => {
  test('is one root authority with the trust domain of the graph and the lifetime of the stack', async () => {
    const recording = await record(() => {
      const landings = landLocal(sampleStack());
      const network = new Network('network', { landing: landings.network });
      const cluster = new Cluster('cluster', { landing: landings.cluster, network });
      new Certificates('certificates', { landing: landings.certificates, cluster });
    });
    expect(recording.resource('certificates-root')).toMatchObject({
      type: 'meridian-local:index:RootAuthority',
      inputs: { trustDomain: 'sample.local', lifetimeDays: 30 },
    });
    expect(recording.resource('certificates').type).toBe('meridian:certificates:Certificates');
  });

  test('gives no key to Pulumi', async () => {
    const recording = await record(() => {
      const landings = landLocal(sampleStack());
      const network = new Network('network', { landing: landings.network });
      const cluster = new Cluster('cluster', { landing: landings.cluster, network });
      new Certificates('certificates', { landing: landings.certificates, cluster });
    });
    expect(JSON.stringify(recording.resources)).not.toMatch(/PRIVATE|key/i);
  });
});
