import { describe, expect, test } from '@jest/globals';
import { sampleCluster } from '../testing/sample-cluster.ts';

const edge = (issuer: string) => ({ host: 'sample.example', canaryPercent: 0, issuer });

describe('the issuer of the certificate that users see', () => {
  test.each(['self-signed', 'root', 'services', 'assigned', 'engines', 'telemetry', 'edge'])(
    "is not the platform's own authority '%s'",
    (own) => {
      expect(() => sampleCluster({ edge: edge(`sample-${own}`) })).toThrow(
        `got 'sample-${own}'; set another one in Pulumi.sample.yaml, or leave it out`,
      );
    },
  );

  test('may be any other, also one that another platform has', () => {
    expect(() => sampleCluster({ edge: edge('other-edge') })).not.toThrow();
  });
});
