import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What the stand-in knows its pod by. */
const OF_THE_POD = 'token-of-the-pod';

/** What the agent gives to who asks with the token of a pod. */
export interface GivenCredentials {
  readonly AccessKeyId: string;
  readonly SecretAccessKey: string;
  readonly Token: string;
  readonly AccountId?: string;
  /** RFC 3339. */
  readonly Expiration: string;
}

/**
 * Stands in for the agent of EKS Pod Identity on loopback, and names it in this process' environment until it is disposed of, as EKS
 * does in a pod's. Another token than the pod's is refused.
 *
 * @see https://docs.aws.amazon.com/sdkref/latest/guide/feature-container-credentials.html
 */
export class PodIdentityStandIn implements AsyncDisposable {
  /** The token of each request, in order. */
  readonly asked: (string | undefined)[] = [];
  readonly #server;

  private constructor(credentials: (request: number) => GivenCredentials) {
    this.#server = createServer(({ headers }, response) => {
      this.asked.push(headers.authorization);
      if (headers.authorization !== OF_THE_POD) response.statusCode = 401;
      response.setHeader('content-type', 'application/json');
      response.end(JSON.stringify(credentials(this.asked.length)));
    });
  }

  /** @param credentials by the number of the request, from 1 */
  static async start(
    credentials: (request: number) => GivenCredentials,
  ): Promise<PodIdentityStandIn> {
    const agent = new PodIdentityStandIn(credentials);
    agent.#server.listen(0, '127.0.0.1');
    await once(agent.#server, 'listening');
    const { port } = agent.#server.address() as AddressInfo;
    process.env['AWS_CONTAINER_CREDENTIALS_FULL_URI'] = `http://127.0.0.1:${port}/v1/credentials`;
    process.env['AWS_CONTAINER_AUTHORIZATION_TOKEN'] = OF_THE_POD;
    return agent;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    delete process.env['AWS_CONTAINER_CREDENTIALS_FULL_URI'];
    delete process.env['AWS_CONTAINER_AUTHORIZATION_TOKEN'];
    const closed = once(this.#server, 'close');
    this.#server.close();
    this.#server.closeAllConnections();
    await closed;
  }
}
