import { describe, expect, test } from '@jest/globals';
import { sampleClusterContext } from '../testing/sample-cluster.ts';
import { engineClientCertificate, engineServerCertificate } from './engine-certificate.ts';

describe('the client certificate of a service for an engine', () => {
  const certificate = engineClientCertificate(sampleClusterContext(), {
    service: 'shelf',
    secret: 'shelf-kafka-tls',
    commonName: 'shelf',
  });

  test('lies beside the service, and is waited for', () => {
    expect(certificate.metadata).toEqual({
      name: 'shelf-kafka-tls',
      namespace: 'sample',
      labels: { 'app.kubernetes.io/name': 'shelf', 'app.kubernetes.io/part-of': 'sample' },
      annotations: { 'pulumi.com/waitFor': 'condition=Ready', 'pulumi.com/timeoutSeconds': '300' },
    });
  });

  test('is of the authority of the engines, for an hour, with a new key each time', () => {
    expect(certificate.spec).toEqual({
      secretName: 'shelf-kafka-tls',
      commonName: 'shelf',
      duration: '1h0m0s',
      renewBefore: '30m0s',
      usages: ['digital signature', 'client auth'],
      privateKey: { algorithm: 'ECDSA', size: 256, encoding: 'PKCS8', rotationPolicy: 'Always' },
      issuerRef: { group: 'cert-manager.io', kind: 'ClusterIssuer', name: 'sample-engines' },
    });
  });
});

describe('the server certificate of an engine', () => {
  test('names every address, and makes no client of the engine', () => {
    const certificate = engineServerCertificate(sampleClusterContext(), {
      namespace: 'data',
      secret: 'sample-kafka-server',
      commonName: 'sample-kafka',
      dnsNames: ['sample-kafka-bootstrap.data.svc'],
    });
    expect(certificate).toMatchObject({
      metadata: { name: 'sample-kafka-server', namespace: 'data' },
      spec: {
        secretName: 'sample-kafka-server',
        dnsNames: ['sample-kafka-bootstrap.data.svc'],
        usages: ['digital signature', 'server auth'],
      },
    });
  });
});
