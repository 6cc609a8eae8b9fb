import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Architecture } from '@meridian/components/aws/aws-settings.ts';
import { CodedError } from '@meridian/language/coded-error.ts';
import { LookupFailure } from '../pins/lookup-failure.ts';
import { NoRepository } from '../registry/registry.ts';
import type { RawManifest, Registry } from '../registry/registry.ts';
import type { ImageSource } from './image-source.ts';
import { readImageTree } from './image-tree.ts';
import type { ImageTree } from './image-tree.ts';

/** An image that a stack takes, and where it is now. */
export interface WantedImage {
  readonly name: string;
  /** Throws LookupFailure where there is none. */
  readonly source: () => ImageSource;
  /** Where it is to be, in the registry. */
  readonly repository: string;
  readonly tag: string;
}

/** What came of it. */
export interface BroughtImage {
  readonly name: string;
  readonly digest: string;
  /** Bytes of blobs that were not there yet; 0 where the image was there already. */
  readonly sentBytes: number;
}

/**
 * Brings images into a registry as they are, to the byte: what they have as a digest where they come from, they have there. All that
 * is wrong with any of them is told before one is sent.
 *
 * @param architecture that nodes have, which each image has to be for; any where it is undefined
 * @throws {CodedError} IMAGES_REFUSED with every problem; nothing was sent
 */
export async function bringImages(
  wanted: readonly WantedImage[],
  registry: Registry,
  architecture: Architecture | undefined,
): Promise<readonly BroughtImage[]> {
  const problems: string[] = [];
  const ready: ReadyImage[] = [];
  for (const image of wanted) {
    try {
      ready.push(await readyImage(image, registry, architecture));
    } catch (error) {
      if (!(error instanceof LookupFailure)) throw error;
      problems.push(`Image '${image.name}': ${error.message}`);
    }
  }
  if (problems.length > 0)
    throw new CodedError('IMAGES_REFUSED', problems.join('\n'), { problems });
  const brought: BroughtImage[] = [];
  for (const image of ready) brought.push(await bringImage(image, registry));
  return brought;
}

interface ReadyImage {
  readonly wanted: WantedImage;
  readonly source: ImageSource;
  readonly tree: ImageTree;
  readonly isThere: boolean;
}

async function readyImage(
  wanted: WantedImage,
  registry: Registry,
  architecture: Architecture | undefined,
): Promise<ReadyImage> {
  const { repository, tag } = wanted;
  const source = wanted.source();
  const tree = await readImageTree(source);
  if (architecture !== undefined && !tree.architectures.includes(architecture)) {
    throw new LookupFailure(
      `must be for '${architecture}', as nodes are, got one for ${tree.architectures.map((one) => `'${one}'`).join(', ') || 'nothing that is known'}; build it with --platform linux/${architecture}`,
    );
  }
  const kept = await keptImage(registry, repository, tag);
  if (kept !== undefined && kept.digest !== tree.digest) {
    throw new LookupFailure(
      `must be what '${tag}' is already at ${registry.host}, ${kept.digest}, got ${tree.digest}; a version is one image for ever: raise that of package.json`,
    );
  }
  return { wanted, source, tree, isThere: kept !== undefined };
}

/** What a tag is already; most registries make a repository when something is sent to it, and ECR does not. */
async function keptImage(
  registry: Registry,
  repository: string,
  tag: string,
): Promise<RawManifest | undefined> {
  try {
    return await registry.manifest(repository, tag);
  } catch (error) {
    if (!(error instanceof NoRepository)) throw error;
    if (registry.makesRepositories) return undefined;
    throw new LookupFailure(
      `${error.message}; name it in the setting images of bootstrap, and deploy that`,
      { cause: error },
    );
  }
}

async function bringImage(
  { wanted: { name, repository, tag }, source, tree, isThere }: ReadyImage,
  registry: Registry,
): Promise<BroughtImage> {
  const { digest } = tree;
  if (isThere) return { name, digest, sentBytes: 0 };
  let sentBytes = 0;
  const folder = mkdtempSync(path.join(tmpdir(), 'meridian-image-'));
  try {
    for (const blob of tree.blobs) {
      if (await registry.hasBlob(repository, blob.digest)) continue;
      await registry.writeBlob(repository, blob, await source.blob(blob, folder));
      sentBytes += blob.size;
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
  const [whole, ...parts] = tree.manifests.toReversed();
  if (whole === undefined) throw new Error('An image without a manifest');
  for (const part of parts) await registry.writeManifest(repository, part.digest, part);
  await registry.writeManifest(repository, tag, whole);
  const kept = await registry.manifest(repository, tag);
  if (kept?.digest === digest) return { name, digest, sentBytes };
  throw new CodedError(
    'IMAGES_REFUSED',
    `Image '${name}': must be ${digest} at ${registry.host} once it was sent, got ${kept?.digest ?? 'nothing'}; run it again`,
  );
}
