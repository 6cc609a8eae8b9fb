import type { Holder } from './cluster-authority.ts';
import { KubernetesClient } from './kubernetes-client.ts';
import type { ApiObject } from './kubernetes-client.ts';
import type { TestCluster } from './test-cluster.ts';

/** What somebody asks cert-manager for. */
export interface Asked {
  readonly namespace: string;
  readonly issuer: { readonly kind: 'ClusterIssuer' | 'Issuer'; readonly name: string };
  /** Who is said to ask. @default cert-manager's webhook says it */
  readonly username?: string;
}

/** What the API server said: 'admitted', or why not. */
export type Verdict = string;

/** Asks for certificates as one user, with the rights that the user has and nothing else. */
export class Requester {
  readonly #client: KubernetesClient;

  private constructor(client: KubernetesClient) {
    this.#client = client;
  }

  /** @param holder whose name is that of a user, such as 'system:serviceaccount:shop:orders' */
  static async of({ authority, server }: TestCluster, holder: Holder): Promise<Requester> {
    const identity = await authority.issue(holder);
    return new Requester(new KubernetesClient(server, authority.file, identity));
  }

  /** Has the API server judge a request and forget it. */
  async ask({ namespace, issuer, username }: Asked): Promise<Verdict> {
    try {
      await this.#client.create(
        `/apis/cert-manager.io/v1/namespaces/${namespace}/certificaterequests?dryRun=All`,
        {
          apiVersion: 'cert-manager.io/v1',
          kind: 'CertificateRequest',
          metadata: { name: 'asked' },
          spec: {
            issuerRef: { group: 'cert-manager.io', ...issuer },
            request: Buffer.from('any').toString('base64'),
            ...(username === undefined ? {} : { username }),
          },
        } as ApiObject,
      );
      return 'admitted';
    } catch (error) {
      if (error instanceof Error) return error.message;
      throw error;
    }
  }

  close(): void {
    this.#client.close();
  }
}
