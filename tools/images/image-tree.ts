import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { LookupFailure } from '../pins/lookup-failure.ts';
import { IMAGE_TYPES } from '../pins/registry.ts';
import { readDescriptor } from '../registry/descriptor.ts';
import type { Descriptor } from '../registry/descriptor.ts';
import type { RawManifest } from '../registry/registry.ts';
import type { ImageSource } from './image-source.ts';

/** All that an image consists of. */
export interface ImageTree {
  readonly digest: string;
  /** What is named comes before what names it, so that the last is the whole. */
  readonly manifests: readonly RawManifest[];
  /** Each once. */
  readonly blobs: readonly Descriptor[];
  /** Architectures of Linux that it is for, as images name them. */
  readonly architectures: readonly string[];
}

/** A list names images; an image in it is not a list again. */
const MOST_LEVELS = 2;

const LARGEST_CONFIGURATION_BYTES = 1024 ** 2;

/** What a manifest says, as far as it is looked into. */
interface Said {
  readonly manifests?: readonly unknown[];
  readonly config?: unknown;
  readonly layers?: readonly unknown[];
}

/**
 * Reads what an image consists of, but for its blobs.
 *
 * @throws {LookupFailure} for what is not an image, or not one that a registry could keep whole
 */
export async function readImageTree(source: ImageSource): Promise<ImageTree> {
  const { manifests, blobs, architectures } = await readPart(source, source.digest, 1);
  const unique = new Map(blobs.map((blob) => [blob.digest, blob]));
  return {
    digest: source.digest,
    manifests,
    blobs: [...unique.values()],
    architectures: [...new Set(architectures)].toSorted(),
  };
}

type Part = Omit<ImageTree, 'digest'>;

async function readPart(
  source: ImageSource,
  digest: string,
  level: number,
  platform?: Descriptor['platform'],
): Promise<Part> {
  const raw = await source.manifest(digest);
  if (!IMAGE_TYPES.some((type) => type === raw.type)) {
    throw new LookupFailure(`${source.name} has '${raw.type}', which is not an image`);
  }
  const { manifests, config, layers } = JSON.parse(raw.bytes.toString('utf8')) as Said;
  if (manifests !== undefined) {
    if (level >= MOST_LEVELS) throw new LookupFailure(`${source.name} has a list in a list`);
    const parts: Part[] = [];
    for (const child of manifests.map(readDescriptor)) {
      parts.push(await readPart(source, child.digest, level + 1, child.platform));
    }
    return {
      manifests: [...parts.flatMap((part) => part.manifests), raw],
      blobs: parts.flatMap(({ blobs }) => blobs),
      architectures: parts.flatMap(({ architectures }) => architectures),
    };
  }
  const configuration = readDescriptor(config);
  const of = platform ?? (await platformOf(source, configuration));
  return {
    manifests: [raw],
    blobs: [configuration, ...(layers ?? []).map(readDescriptor)],
    // What says how an image was made is kept in the list as one for no platform at all.
    architectures: of.os === 'linux' && of.architecture !== undefined ? [of.architecture] : [],
  };
}

async function platformOf(
  source: ImageSource,
  configuration: Descriptor,
): Promise<NonNullable<Descriptor['platform']>> {
  if (configuration.size > LARGEST_CONFIGURATION_BYTES) {
    throw new LookupFailure(`${source.name} has a configuration of ${configuration.size} bytes`);
  }
  const folder = mkdtempSync(path.join(tmpdir(), 'meridian-image-'));
  try {
    const file = await source.blob(configuration, folder);
    return JSON.parse(readFileSync(file, 'utf8')) as NonNullable<Descriptor['platform']>;
  } finally {
    rmSync(folder, { recursive: true });
  }
}
