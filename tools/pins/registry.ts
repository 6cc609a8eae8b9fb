import { digestOf } from '../../stacks/pins.ts';
import { boundedGet, isLoopback } from './bounded-get.ts';
import type { Answer } from './bounded-get.ts';
import { LookupFailure } from './lookup-failure.ts';
import type { RegistryReference } from './reference.ts';
import { givenToken, tokenUrl } from './token-challenge.ts';

/** What a registry keeps under a tag: an image for one platform, or a list of such. */
export const IMAGE_TYPES = [
  'application/vnd.oci.image.index.v1+json',
  'application/vnd.docker.distribution.manifest.list.v2+json',
  'application/vnd.oci.image.manifest.v1+json',
  'application/vnd.docker.distribution.manifest.v2+json',
] as const;

/** The specification lets registries refuse larger manifests. */
export const LARGEST_MANIFEST_BYTES = 4 * 1024 ** 2;
const LARGEST_TOKEN_BYTES = 64 * 1024;

/** Docker Hub answers under another name than images have. */
const API_HOSTS: Readonly<Record<string, string>> = { 'docker.io': 'registry-1.docker.io' };

/** A manifest that a registry keeps, and the digest of its bytes. */
export interface FoundManifest {
  readonly digest: string;
  readonly manifest: Readonly<Record<string, unknown>>;
}

/**
 * Reads a manifest as an anonymous user. The digest is that of the bytes themselves, so neither a
 * header nor a page that came instead of a manifest is taken for one. See the OCI distribution
 * specification 1.1, "Pulling manifests".
 *
 * @throws {LookupFailure} when there is none, or what comes is none
 */
export async function findManifest(
  reference: RegistryReference,
  types: readonly string[],
): Promise<FoundManifest> {
  const { host, repository, tag } = reference;
  const url = new URL(`${originOf(host)}/v2/${repository}/manifests/${tag}`);
  const answer = await getAuthorised(
    url,
    { accept: types.join(', ') },
    { reference, largestBytes: LARGEST_MANIFEST_BYTES },
  );
  if (answer.status === 404) throw new LookupFailure(`${host} has no '${repository}:${tag}'`);
  if (answer.status !== 200) throw new LookupFailure(`${host} answered ${answer.status}`);
  const type = answer.headers.get('content-type')?.split(';')[0] ?? 'nothing';
  if (!types.includes(type)) {
    throw new LookupFailure(
      `${host} answered with '${type}', which is not a manifest of this kind`,
    );
  }
  const digest = digestOf(answer.body);
  const claimed = answer.headers.get('docker-content-digest') ?? digest;
  if (claimed !== digest) {
    throw new LookupFailure(`${host} says that the digest is ${claimed}, but it is ${digest}`);
  }
  return { digest, manifest: parseObject(answer, host) };
}

/**
 * Reads a blob as an anonymous user; whoever asks holds it against its digest.
 *
 * @throws {LookupFailure} when there is none
 */
export async function getBlob(
  reference: RegistryReference,
  digest: string,
  largestBytes: number,
): Promise<Buffer> {
  const { host, repository } = reference;
  const url = new URL(`${originOf(host)}/v2/${repository}/blobs/${digest}`);
  const answer = await getAuthorised(url, {}, { reference, largestBytes });
  if (answer.status === 200) return answer.body;
  throw new LookupFailure(`${host} answered ${answer.status} for the archive`);
}

/** Where the API of a registry is, by the host that images have. */
export function originOf(host: string): string {
  return `${isLoopback(host) ? 'http' : 'https'}://${API_HOSTS[host] ?? host}`;
}

/** Of what repository, and how much at most. */
interface Wanted {
  readonly reference: RegistryReference;
  readonly largestBytes: number;
}

/** Gets an address; a registry that wants a token for it says where there is one. */
async function getAuthorised(
  url: URL,
  headers: Readonly<Record<string, string>>,
  { reference, largestBytes }: Wanted,
): Promise<Answer> {
  const first = await boundedGet(url, headers, largestBytes);
  if (first.status !== 401) return first;
  const token = await fetchToken(first, reference);
  const second = await boundedGet(
    url,
    { ...headers, authorization: `Bearer ${token}` },
    largestBytes,
  );
  if (second.status === 401 || second.status === 403) {
    throw new LookupFailure(`${reference.host} shows this to nobody without an account`);
  }
  return second;
}

/** A token to pull one repository, for nobody in particular. */
async function fetchToken(
  refusal: Answer,
  { host, repository }: RegistryReference,
): Promise<string> {
  const url = tokenUrl(refusal.headers.get('www-authenticate') ?? '', repository, 'pull');
  if (url === undefined) {
    throw new LookupFailure(`${host} shows this to nobody without an account`);
  }
  const answer = await boundedGet(url, {}, LARGEST_TOKEN_BYTES);
  if (answer.status !== 200) {
    throw new LookupFailure(`${url.host} gave no token for ${host} (${answer.status})`);
  }
  const given = givenToken(parseObject(answer, url.host));
  if (given === undefined) throw new LookupFailure(`${url.host} gave no token for ${host}`);
  return given;
}

function parseObject({ body }: Answer, host: string): Readonly<Record<string, unknown>> {
  let parsed: unknown;
  try {
    parsed = JSON.parse(body.toString('utf8'));
  } catch (cause) {
    throw new LookupFailure(`${host} answered with something that is not JSON`, { cause });
  }
  if (typeof parsed !== 'object' || parsed === null) {
    throw new LookupFailure(`${host} answered with something that is not a JSON object`);
  }
  return parsed as Readonly<Record<string, unknown>>;
}
