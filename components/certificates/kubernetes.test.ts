import { describe, expect, test } from '@jest/globals';
import type { ClusterObject } from '../kubernetes/manifest.ts';
import { chartsOf, objectsOf } from '../kubernetes/parts-of.ts';
import { sampleCluster } from '../testing/sample-cluster.ts';

type Settings = Parameters<typeof sampleCluster>[0];

const manifestsOf = (settings?: Settings): readonly ClusterObject[] =>
  objectsOf(sampleCluster(settings));
const chart = (name: string, settings?: Settings) => {
  const found = chartsOf(sampleCluster(settings)).find((one) => one.name === name);
  if (found === undefined) throw new Error(`There is no chart '${name}'`);
  return found.values;
};
const issuersAsked = () =>
  manifestsOf()
    .filter(({ kind }) => kind === 'Certificate')
    .map(({ metadata, spec }) => {
      const { issuerRef } = spec as { readonly issuerRef: { readonly name: string } };
      return { secret: metadata.name, namespace: metadata.namespace, issuer: issuerRef.name };
    });
const specOf = (kind: string, name: string, settings?: Settings) =>
  manifestsOf(settings).find((object) => object.kind === kind && object.metadata.name === name)?.[
    'spec'
  ];

describe('Certificates in a cluster', () => {
  test('leaves requests of pods to the approver of the SPIFFE driver, and nothing else to it', () => {
    const approved = chart('cert-manager')['approveSignerNames'];
    expect(approved).toEqual([
      'clusterissuers.cert-manager.io/sample-self-signed',
      'clusterissuers.cert-manager.io/sample-root',
      'clusterissuers.cert-manager.io/sample-assigned',
      'clusterissuers.cert-manager.io/sample-engines',
      'clusterissuers.cert-manager.io/sample-telemetry',
      'clusterissuers.cert-manager.io/sample-edge',
      'issuers.cert-manager.io/cert-manager.trust-manager',
    ]);
    expect(chart('csi-driver-spiffe')).toMatchObject({
      app: {
        trustDomain: 'sample.local',
        issuer: { name: 'sample-services' },
        // Otherwise the approver compares no identity: any node could have any.
        driver: { useOwnServiceAccount: false },
        approver: { signerName: 'clusterissuers.cert-manager.io/sample-services' },
      },
    });
  });

  test('asks for no certificate that cert-manager would not approve', () => {
    const approved = chart('cert-manager')['approveSignerNames'] as readonly string[];
    expect(issuersAsked().length).toBeGreaterThan(0);
    for (const { issuer } of issuersAsked()) {
      expect(approved).toContain(`clusterissuers.cert-manager.io/${issuer}`);
    }
  });

  test('asks for no certificate from where the API server refuses it', () => {
    const { validations } = specOf('ValidatingAdmissionPolicy', 'sample-issuance') as {
      readonly validations: readonly { readonly expression: string }[];
    };
    for (const { issuer, namespace } of issuersAsked()) {
      const rule = validations.find(({ expression }) => expression.includes(`'${issuer}'`));
      expect(rule?.expression).toMatch(new RegExp(`in \\[.*'${namespace ?? ''}'.*\\]`));
    }
  });

  test('lets the accounts of processes ask for identities, and for nothing else', () => {
    const binding = manifestsOf().find(
      ({ kind, metadata }) => kind === 'RoleBinding' && metadata.name === 'sample-identities',
    );
    const names = (binding?.['subjects'] as readonly { readonly name: string }[]).map(
      ({ name }) => name,
    );
    const processes = manifestsOf()
      .filter(({ kind }) => kind === 'Deployment' || kind === 'CronJob')
      .filter((object) => JSON.stringify(object).includes('spiffe.csi.cert-manager.io'))
      .map((object) => /"serviceAccountName":"([^"]+)"/.exec(JSON.stringify(object))?.[1] ?? '');
    const services = sampleCluster().services.map(({ name }) => name);
    expect(new Set(names)).toEqual(new Set([...services, ...processes]));
    const { validations } = specOf('ValidatingAdmissionPolicy', 'sample-issuance') as {
      readonly validations: readonly { readonly expression: string }[];
    };
    expect(validations.map(({ expression }) => expression)).toContain(
      "!request.userInfo.username.startsWith('system:serviceaccount:sample:') || variables.clusterIssuer == 'sample-services'",
    );
  });

  test('keeps the keys of authorities beside cert-manager', () => {
    const authorities = manifestsOf().filter(
      ({ kind, spec }) =>
        kind === 'Certificate' && (spec as { readonly isCA?: boolean }).isCA === true,
    );
    expect(authorities.map(({ metadata }) => metadata.name)).toEqual([
      'sample-root',
      'sample-engines',
      'sample-telemetry',
      'sample-edge',
      'sample-services',
      'sample-assigned',
    ]);
    for (const { metadata } of authorities) expect(metadata.namespace).toBe('cert-manager');
  });

  test('lets what is below the root sign for its trust domain alone', () => {
    for (const issuer of ['sample-services', 'sample-assigned']) {
      expect(specOf('Certificate', issuer)).toMatchObject({
        issuerRef: { name: 'sample-root' },
        nameConstraints: {
          critical: true,
          permitted: {
            uriDomains: ['sample.local'],
            dnsDomains: ['invalid'],
            emailAddresses: ['invalid'],
          },
          excluded: { ipRanges: ['0.0.0.0/0', '::/0'] },
        },
      });
    }
  });

  test('makes a key to sign with as the kit reads it', () => {
    expect(specOf('Certificate', 'door-context-signing')).toMatchObject({
      uris: ['spiffe://sample.local/ns/sample/sa/door'],
      usages: ['digital signature', 'email protection'],
      privateKey: { algorithm: 'Ed25519', encoding: 'PKCS8', rotationPolicy: 'Always' },
      duration: '1h0m0s',
    });
  });

  test('leaves the edge to an issuer that the stack names', () => {
    const settings = { edge: { host: 'sample.example', issuer: 'public', canaryPercent: 0 } };
    expect(specOf('ClusterIssuer', 'sample-edge', settings)).toBeUndefined();
    expect(specOf('Certificate', 'sample-edge-tls', settings)).toMatchObject({
      issuerRef: { name: 'public' },
    });
    expect(chart('cert-manager', settings)['approveSignerNames']).toContain(
      'clusterissuers.cert-manager.io/public',
    );
    expect(sampleCluster(settings).certificates.rootCertificate).toBe('clusterissuer/public');
  });

  test('says where clients of the edge find what to trust', () => {
    expect(sampleCluster().certificates.rootCertificate).toBe(
      'secret/cert-manager/sample-edge-authority/tls.crt',
    );
  });
});
