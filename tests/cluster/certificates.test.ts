import { X509Certificate } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { eventually } from '../end-to-end/platform-under-test.ts';
import { addCertManager } from './harness/cert-manager.ts';
import { addCustomResources } from './harness/controllers.ts';
import type { ApiObject } from './harness/kubernetes-client.ts';
import { applyManifests } from './harness/manifests.ts';
import { addGround, NAMESPACE, renderStaging } from './harness/staging.ts';
import { TestCluster } from './harness/test-cluster.ts';

interface Certificate extends ApiObject {
  readonly spec: {
    readonly secretName: string;
    readonly commonName?: string;
    readonly dnsNames?: readonly string[];
    readonly uris?: readonly string[];
    readonly isCA?: boolean;
    readonly issuerRef: { readonly name: string };
  };
  readonly status?: {
    readonly conditions?: readonly {
      readonly type: string;
      readonly status: string;
      readonly message?: string;
    }[];
  };
}

interface Secret extends ApiObject {
  readonly data: Readonly<Record<string, string>>;
}

const GROUP = '/apis/cert-manager.io/v1';

/** The namespace in which cert-manager keeps the keys of authorities. */
const AUTHORITIES = 'cert-manager';

/** Each waits for the authority above it. */
const ISSUE_TIMEOUT_MS = 110_000;

describe("the staging stack's certificates", () => {
  let cluster: TestCluster;
  let certificates: readonly Certificate[];

  beforeAll(async () => {
    cluster = await TestCluster.start();
    await addCustomResources(cluster, ['cert-manager']);
    await addCertManager(cluster);
    const stack = await renderStaging(cluster);
    await addGround(cluster, stack);
    // The kinds of other operators are not known here.
    const { refusals } = await applyManifests(cluster, stack.manifests);
    expect(refusals).toBe('');
    certificates = await eventually(
      () => cluster.api.list<Certificate>(`${GROUP}/certificates`),
      (found) => found.length > 0 && found.every(isReady),
      ISSUE_TIMEOUT_MS,
    );
  });
  afterAll(async () => {
    await cluster.stop();
  });

  async function issued({ metadata, spec }: Certificate): Promise<{
    readonly leaf: X509Certificate;
    readonly chain: readonly X509Certificate[];
    readonly authority: X509Certificate;
  }> {
    const { data } = await cluster.api.get<Secret>(
      `/api/v1/namespaces/${metadata.namespace}/secrets/${spec.secretName}`,
    );
    const [leaf, ...chain] = certificatesIn(data['tls.crt']);
    const [authority] = certificatesIn(data['ca.crt']);
    if (leaf === undefined || authority === undefined) throw new Error('nothing was issued');
    return { leaf, chain, authority };
  }

  test('are issued by cert-manager, each signed by the authority that it names', async () => {
    for (const certificate of certificates) {
      const { leaf, chain, authority } = await issued(certificate);
      const path = [leaf, ...chain, authority];
      for (const [index, signed] of path.slice(0, -1).entries()) {
        const signer = path[index + 1];
        expect(signer !== undefined && signed.verify(signer.publicKey)).toBe(true);
      }
      expect(leaf.ca).toBe(certificate.spec.isCA ?? false);
    }
  });

  test('carry the names that were asked for and no other', async () => {
    for (const certificate of certificates.filter(({ spec }) => spec.isCA !== true)) {
      const { commonName, dnsNames = [], uris = [] } = certificate.spec;
      const { leaf } = await issued(certificate);
      expect(leaf.subject).toBe(commonName === undefined ? undefined : `CN=${commonName}`);
      expect(leaf.subjectAltName?.split(', ').toSorted()).toEqual(
        dnsNames.length + uris.length === 0
          ? undefined
          : [
              ...dnsNames.map((name) => `DNS:${name}`),
              ...uris.map((uri) => `URI:${uri}`),
            ].toSorted(),
      );
    }
  });

  test('have the keys of authorities where no pod of the platform is', () => {
    const authorities = certificates.filter(({ spec }) => spec.isCA === true);
    expect(authorities.length).toBeGreaterThan(0);
    for (const { metadata } of authorities) expect(metadata.namespace).toBe(AUTHORITIES);
  });

  test('are refused to whoever asks an issuer of the platform without cert-manager', async () => {
    const { issuerRef } = certificates.find(({ metadata }) => metadata.namespace === NAMESPACE)
      ?.spec ?? { issuerRef: undefined };
    expect(issuerRef).toBeDefined();
    const asked = cluster.api.create(`${GROUP}/namespaces/${NAMESPACE}/certificaterequests`, {
      apiVersion: 'cert-manager.io/v1',
      kind: 'CertificateRequest',
      metadata: { name: 'without-cert-manager' },
      spec: { issuerRef, request: Buffer.from('any').toString('base64') },
    } as ApiObject);
    await expect(asked).rejects.toMatchObject({
      status: 403,
      message: expect.stringContaining('must be asked by'),
    });
  });
});

function isReady({ status }: Certificate): boolean {
  return (
    status?.conditions?.some(({ type, status }) => type === 'Ready' && status === 'True') ?? false
  );
}

/** The certificates of a value of a Secret, which is PEM in base64. */
function certificatesIn(value = ''): readonly X509Certificate[] {
  const pem = Buffer.from(value, 'base64').toString();
  return (pem.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g) ?? []).map(
    (text) => new X509Certificate(text),
  );
}
