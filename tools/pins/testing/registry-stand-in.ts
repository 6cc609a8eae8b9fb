import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** SHA-256 of some text, as registries write it. */
export function digestOf(text: string): string {
  return `sha256:${createHash('sha256').update(text).digest('hex')}`;
}

/** What is answered to a request for a path. */
export interface StandInAnswer {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

const INDEX_TYPE = 'application/vnd.oci.image.index.v1+json';
const MANIFEST_TYPE = 'application/vnd.oci.image.manifest.v1+json';

const CHART_CONFIGURATION = 'application/vnd.cncf.helm.config.v1+json';
const CHART_CONTENT = 'application/vnd.cncf.helm.chart.content.v1.tar+gzip';

/**
 * A stand-in for registries and chart repositories, which cannot be reached from a test: a real HTTP
 * server that speaks the pulling half of the OCI distribution protocol, with tokens, and Helm's
 * repository protocol. It listens on this machine only.
 */
export class RegistryStandIn {
  readonly #server: Server;
  readonly #answers = new Map<string, StandInAnswer>();
  /** Repositories for which a token is needed, and the token. */
  readonly #tokens = new Map<string, string>();
  /** Every request: path with query, and the Authorization header if there was one. */
  readonly requests: (readonly [path: string, authorization: string | undefined])[] = [];

  private constructor() {
    this.#server = createServer((request, response) => this.#answer(request, response));
  }

  static async start(): Promise<RegistryStandIn> {
    const standIn = new RegistryStandIn();
    standIn.#server.listen(0, '127.0.0.1');
    await once(standIn.#server, 'listening');
    return standIn;
  }

  /** Host and port. */
  get host(): string {
    return `127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** Keeps an image of several platforms; gives its digest. */
  pushImage(repository: string, tag: string): string {
    const body = JSON.stringify({ schemaVersion: 2, mediaType: INDEX_TYPE, manifests: [] });
    return this.push(repository, tag, { headers: { 'content-type': INDEX_TYPE }, body });
  }

  /** Keeps a manifest whose configuration is of that type, as charts and images have theirs. */
  pushManifest(repository: string, tag: string, configuration: string): string {
    const config = { mediaType: configuration, digest: digestOf(''), size: 0 };
    const body = JSON.stringify({ schemaVersion: 2, mediaType: MANIFEST_TYPE, config });
    return this.push(repository, tag, { headers: { 'content-type': MANIFEST_TYPE }, body });
  }

  /** Keeps a chart whose archive has these bytes; gives the digest of the archive. */
  pushChart(repository: string, tag: string, archive: string, claimed = digestOf(archive)): string {
    const config = { mediaType: CHART_CONFIGURATION, digest: digestOf('{}'), size: 2 };
    const layers = [{ mediaType: CHART_CONTENT, digest: claimed, size: archive.length }];
    const body = JSON.stringify({ schemaVersion: 2, mediaType: MANIFEST_TYPE, config, layers });
    this.push(repository, tag, { headers: { 'content-type': MANIFEST_TYPE }, body });
    this.serve(`/v2/${repository}/blobs/${claimed}`, { body: archive });
    return digestOf(archive);
  }

  /** Keeps whatever it is given under a tag; gives the digest of its body. */
  push(repository: string, tag: string, answer: StandInAnswer): string {
    const digest = digestOf(answer.body ?? '');
    this.serve(`/v2/${repository}/manifests/${tag}`, {
      ...answer,
      headers: { 'docker-content-digest': digest, ...answer.headers },
    });
    return digest;
  }

  /** Answers a path. */
  serve(path: string, answer: StandInAnswer): void {
    this.#answers.set(path, answer);
  }

  /** Shows a repository only to clients with a token, which anybody gets. */
  protect(repository: string, token: string): void {
    this.#tokens.set(repository, token);
  }

  async stop(): Promise<void> {
    this.#server.close();
    this.#server.closeAllConnections();
    await once(this.#server, 'close');
  }

  #answer(request: IncomingMessage, response: ServerResponse): void {
    const { url = '', headers } = request;
    this.requests.push([url, headers.authorization]);
    const { status = 200, headers: own = {}, body = '' } = this.#find(url, headers.authorization);
    response.writeHead(status, own).end(body);
  }

  #find(path: string, authorization: string | undefined): StandInAnswer {
    const repository = /^\/v2\/(.+)\/(manifests|blobs)\//.exec(path)?.[1] ?? '';
    const token = this.#tokens.get(repository);
    if (token !== undefined && authorization !== `Bearer ${token}`)
      return this.#challenge(repository);
    if (path.startsWith('/token?')) {
      const scope = new URL(path, 'http://stand-in').searchParams.get('scope') ?? '';
      const known = this.#tokens.get(scope.split(':')[1] ?? '');
      return known === undefined ? { status: 403 } : { body: JSON.stringify({ token: known }) };
    }
    return this.#answers.get(path) ?? { status: 404 };
  }

  #challenge(repository: string): StandInAnswer {
    const realm = `http://${this.host}/token`;
    const challenge = `Bearer realm="${realm}",service="stand-in",scope="repository:${repository}:pull"`;
    return { status: 401, headers: { 'www-authenticate': challenge } };
  }
}
