import { createServer } from 'node:http';
import type { IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';

/** What AWS's SDK finds a stand-in by, and whom it takes itself for. */
export interface StandInEnvironment {
  readonly AWS_ENDPOINT_URL_SECRETS_MANAGER: string;
  readonly AWS_ACCESS_KEY_ID: string;
  readonly AWS_SECRET_ACCESS_KEY: string;
}

/**
 * Stands in for Secrets Manager: the one operation that Jobs use, in its own protocol (AWS JSON 1.1), for requests that are
 * signed for its service and region.
 *
 * @see https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_GetSecretValue.html
 */
export class SecretsManagerStandIn {
  readonly #server = createServer((request, response) => {
    void this.#answer(request).then(({ status, body }) => {
      response.writeHead(status, { 'content-type': 'application/x-amz-json-1.1' });
      response.end(JSON.stringify(body));
    });
  });
  readonly #secrets: Readonly<Record<string, string>>;

  private constructor(secrets: Readonly<Record<string, string>>) {
    this.#secrets = secrets;
  }

  /** @param secrets texts by their id */
  static async start(secrets: Readonly<Record<string, string>>): Promise<SecretsManagerStandIn> {
    const standIn = new SecretsManagerStandIn(secrets);
    await new Promise<void>((resolve) => standIn.#server.listen(0, '127.0.0.1', resolve));
    return standIn;
  }

  get environment(): StandInEnvironment {
    const { port } = this.#server.address() as AddressInfo;
    return {
      AWS_ENDPOINT_URL_SECRETS_MANAGER: `http://127.0.0.1:${port}`,
      AWS_ACCESS_KEY_ID: 'AKIAEXAMPLE',
      AWS_SECRET_ACCESS_KEY: 'of-nobody',
    };
  }

  stop(): void {
    this.#server.close();
    this.#server.closeAllConnections();
  }

  async #answer(request: IncomingMessage): Promise<{ status: number; body: object }> {
    const signed = /^AWS4-HMAC-SHA256 Credential=AKIAEXAMPLE\/\d{8}\/us-east-1\/secretsmanager\//;
    if (!signed.test(request.headers.authorization ?? '')) {
      return { status: 403, body: { __type: 'AccessDeniedException', message: 'not signed' } };
    }
    const { SecretId: id = '' } = (await json(request)) as { readonly SecretId?: string };
    const text = this.#secrets[id];
    return request.headers['x-amz-target'] === 'secretsmanager.GetSecretValue' && text !== undefined
      ? { status: 200, body: { ARN: id, Name: id, SecretString: text } }
      : { status: 400, body: { __type: 'ResourceNotFoundException', message: 'no such secret' } };
  }
}
