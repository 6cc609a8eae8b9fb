import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { digestOf } from '../../../stacks/pins.ts';
import type { RegistryLogin } from '../logins.ts';

/** How the registry differs from one that keeps everything. */
export interface KeepingOptions {
  readonly login: RegistryLogin;
  /** Repositories that there are; any where it is undefined, as with most registries but ECR. */
  readonly repositories?: readonly string[];
}

/** A registry of a test's own. */
export interface TestRegistry extends AsyncDisposable {
  readonly host: string;
}

interface Answer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Buffer | string;
}

const refused = (status: number, code: string): Answer => ({
  status,
  body: JSON.stringify({ errors: [{ code, message: `the stand-in says so` }] }),
});

/** What a registry keeps, and what is being sent to it. */
class Kept {
  readonly #blobs = new Map<string, Buffer>();
  readonly #manifests = new Map<string, { readonly type: string; readonly bytes: Buffer }>();
  readonly #uploads = new Map<string, Buffer>();

  blob(key: string): Answer {
    const body = this.#blobs.get(key);
    return body === undefined ? refused(404, 'BLOB_UNKNOWN') : { status: 200, body };
  }

  manifest(key: string): Answer {
    const kept = this.#manifests.get(key);
    if (kept === undefined) return refused(404, 'MANIFEST_UNKNOWN');
    return { status: 200, headers: { 'content-type': kept.type }, body: kept.bytes };
  }

  /** Nothing is kept of which a part is missing. */
  keepManifest(repository: string, reference: string, type: string, bytes: Buffer): Answer {
    const {
      config,
      layers = [],
      manifests = [],
    } = JSON.parse(bytes.toString()) as {
      readonly config?: Part;
      readonly layers?: readonly Part[];
      readonly manifests?: readonly Part[];
    };
    const parts = [...layers, ...(config === undefined ? [] : [config])];
    const isWhole =
      parts.every(({ digest }) => this.#blobs.has(`${repository} ${digest}`)) &&
      manifests.every(({ digest }) => this.#manifests.has(`${repository} ${digest}`));
    if (!isWhole) return refused(400, 'MANIFEST_BLOB_UNKNOWN');
    for (const name of [reference, digestOf(bytes)]) {
      this.#manifests.set(`${repository} ${name}`, { type, bytes });
    }
    return { status: 201 };
  }

  upload(repository: string, place: URL, method: string, bytes: Buffer): Answer {
    const id = place.pathname.split('/').at(-1) ?? '';
    const goesOn = (of: string): Answer => ({
      status: 202,
      headers: { location: `/v2/${repository}/blobs/uploads/${of}?state=1` },
    });
    if (method === 'POST') return goesOn(randomUUID());
    const sent = Buffer.concat([this.#uploads.get(id) ?? Buffer.alloc(0), bytes]);
    this.#uploads.set(id, sent);
    if (method === 'PATCH') return goesOn(id);
    const digest = place.searchParams.get('digest') ?? '';
    if (digestOf(sent) !== digest) return refused(400, 'DIGEST_INVALID');
    this.#blobs.set(`${repository} ${digest}`, sent);
    return { status: 201 };
  }
}

interface Part {
  readonly digest: string;
}

/**
 * Stands in for a registry that others write to: the pushing half of the OCI Distribution Specification 1.1 with names and passwords,
 * kept to the same contract as a real one (./registry-contract.ts).
 */
export async function keepingRegistry({
  login,
  repositories,
}: KeepingOptions): Promise<TestRegistry> {
  const kept = new Kept();
  const expected = `Basic ${Buffer.from(`${login.user}:${login.password}`).toString('base64')}`;
  const answer = ({ method = '', headers, url = '' }: IncomingMessage, bytes: Buffer): Answer => {
    const place = new URL(url, 'http://registry');
    if (headers.authorization !== expected) {
      return {
        ...refused(401, 'UNAUTHORIZED'),
        headers: { 'www-authenticate': 'Basic realm="x"' },
      };
    }
    const [, repository = '', kind, reference = ''] =
      /^\/v2\/(.+?)\/(manifests|blobs)\/(.+)$/.exec(place.pathname) ?? [];
    if (repositories?.includes(repository) === false) return refused(404, 'NAME_UNKNOWN');
    if (reference.startsWith('uploads/')) return kept.upload(repository, place, method, bytes);
    const key = `${repository} ${reference}`;
    if (kind === 'blobs') return kept.blob(key);
    return method === 'PUT'
      ? kept.keepManifest(repository, reference, headers['content-type'] ?? '', bytes)
      : kept.manifest(key);
  };
  const server = createServer((request, response) => {
    void (async () => {
      const parts: Buffer[] = [];
      for await (const part of request) parts.push(part as Buffer);
      const { status, headers = {}, body = '' } = answer(request, Buffer.concat(parts));
      response.writeHead(status, headers).end(request.method === 'HEAD' ? undefined : body);
    })();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    host: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    [Symbol.asyncDispose]: async () => {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
}
