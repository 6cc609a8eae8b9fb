import { DIGEST } from '../../stacks/pins.ts';
import { LookupFailure } from '../pins/lookup-failure.ts';

/** What an image names of another part of it. Source: OCI Image Specification 1.1, "OCI Content Descriptors" */
export interface Descriptor {
  readonly mediaType: string;
  /** `sha256:` and 64 hexadecimal digits. */
  readonly digest: string;
  /** In bytes. */
  readonly size: number;
  readonly platform?: { readonly os?: string; readonly architecture?: string };
}

/**
 * Reads a descriptor that somebody else wrote.
 *
 * @throws {LookupFailure} for what is not one, has another algorithm, or is of a part that is kept elsewhere
 */
export function readDescriptor(value: unknown): Descriptor {
  const { mediaType, digest, size, platform, urls } = (value ?? {}) as Record<string, unknown>;
  if (typeof mediaType !== 'string' || typeof digest !== 'string' || !DIGEST.test(digest)) {
    throw new LookupFailure(`an image names a part by '${JSON.stringify(value)}'`);
  }
  if (typeof size !== 'number' || !Number.isSafeInteger(size) || size < 0) {
    throw new LookupFailure(`an image says that its part ${digest} has '${String(size)}' bytes`);
  }
  // It would be fetched by whoever pulls, from wherever that is.
  if (urls !== undefined) throw new LookupFailure(`a part of an image, ${digest}, is elsewhere`);
  const of =
    platform === undefined ? {} : { platform: platform as Descriptor['platform'] & object };
  return { mediaType, digest, size, ...of };
}
