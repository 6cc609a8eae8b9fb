import { X509Certificate } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { eventually } from '../end-to-end/platform-under-test.ts';
import { addCertManager } from './harness/cert-manager.ts';
import type { Holder } from './harness/cluster-authority.ts';
import { addCustomResources } from './harness/controllers.ts';
import { handshake } from './harness/handshake.ts';
import type { ApiObject } from './harness/kubernetes-client.ts';
import { applyManifests } from './harness/manifests.ts';
import { Requester, type Asked } from './harness/requester.ts';
import { addGround, NAMESPACE } from './harness/staging.ts';
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
    const stack = await addGround(cluster);
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
      ?.spec ?? { issuerRef: { name: '' } };
    const asked = {
      namespace: NAMESPACE,
      issuer: { kind: 'ClusterIssuer', ...issuerRef },
    } as const;
    expect(await verdict(administrator('somebody'), asked)).toContain('must be asked by');
  });

  describe('of identities', () => {
    const service = { name: `system:serviceaccount:${NAMESPACE}:orders` };
    const services = { kind: 'ClusterIssuer', name: 'meridian-services' } as const;
    const own = { namespace: NAMESPACE, issuer: services };

    test('may be asked for by the account of a pod, in its own name', async () => {
      expect(await verdict(service, own)).toBe('admitted');
      expect(await verdict(service, { ...own, username: service.name })).toBe('admitted');
    });

    test('are refused in the name of somebody else', async () => {
      const username = `system:serviceaccount:${NAMESPACE}:payments`;
      expect(await verdict(service, { ...own, username })).toContain(
        'spec.username: must be the name of whoever asks',
      );
    });

    test.each([
      ['the account of the SPIFFE driver', 'system:serviceaccount:spiffe-driver:driver'],
      ["cert-manager's account", 'system:serviceaccount:cert-manager:cert-manager'],
      ['an account of another namespace', 'system:serviceaccount:meridian-data:orders'],
      ['who may do anything', 'somebody'],
    ])('are refused to %s', async (_whose, name) => {
      expect(await verdict(administrator(name), own)).toContain(
        "ClusterIssuer 'meridian-services': must be asked by a ServiceAccount of 'meridian' there",
      );
    });

    test('may not be asked for by an account that has none', async () => {
      const name = `system:serviceaccount:${NAMESPACE}:rollout-healthy-orders`;
      expect(await verdict({ name }, own)).toContain('cannot create resource');
    });

    test.each([
      { kind: 'ClusterIssuer', name: 'meridian-assigned' },
      { kind: 'ClusterIssuer', name: 'meridian-engines' },
      { kind: 'ClusterIssuer', name: 'of-the-company' },
      { kind: 'Issuer', name: 'meridian-services' },
    ] as const)('are all that the account of a pod gets: not from $kind $name', async (issuer) => {
      expect(await verdict(service, { namespace: NAMESPACE, issuer })).toContain(
        "ServiceAccounts of 'meridian' must ask ClusterIssuer 'meridian-services' and no other",
      );
    });

    test('are worth nothing with the name of a host, whoever signs them below the root', async () => {
      expect(await shown('as-it-is', {})).toBe('trusted');
      expect(await shown('by-name', { dnsNames: ['gateway'] })).toBe('permitted subtree violation');
      expect(await shown('by-address', { ipAddresses: ['127.0.0.1'] })).toBe(
        'excluded subtree violation',
      );
      expect(await shown('by-mail', { emailAddresses: ['orders@shop.example'] })).toBe(
        'permitted subtree violation',
      );
    });
  });

  /** What the API server says to somebody. */
  async function verdict(holder: Holder, asked: Asked): Promise<string> {
    const requester = await Requester.of(cluster, holder);
    try {
      return await requester.ask(asked);
    } finally {
      requester.close();
    }
  }

  /** What a client says to a certificate of an authority below the root with further names. */
  async function shown(name: string, names: Readonly<Record<string, readonly string[]>>) {
    await cluster.api.create(`${GROUP}/namespaces/${NAMESPACE}/certificates`, {
      apiVersion: 'cert-manager.io/v1',
      kind: 'Certificate',
      metadata: { name },
      spec: {
        secretName: name,
        issuerRef: { kind: 'ClusterIssuer', name: 'meridian-assigned' },
        privateKey: { algorithm: 'ECDSA', rotationPolicy: 'Always' },
        usages: ['digital signature', 'server auth'],
        uris: ['spiffe://staging.meridian/ns/meridian/sa/orders'],
        ...names,
      },
    } as ApiObject);
    await cluster.kubectl(
      ...['wait', `certificate/${name}`, `--namespace=${NAMESPACE}`],
      ...['--for=condition=Ready', '--timeout=60s'],
    );
    const { data } = await cluster.api.get<Secret>(
      `/api/v1/namespaces/${NAMESPACE}/secrets/${name}`,
    );
    const root = await cluster.api.get<Secret>(
      `/api/v1/namespaces/${AUTHORITIES}/secrets/meridian-root-authority`,
    );
    const text = (value = '') => Buffer.from(value, 'base64').toString();
    return await handshake({
      chain: text(data['tls.crt']),
      key: text(data['tls.key']),
      trusted: text(root.data['tls.crt']),
    });
  }
});

/** Whom no right is missing, so what refuses is the policy. */
function administrator(name: string): Holder {
  return { name, group: 'system:masters' };
}

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
