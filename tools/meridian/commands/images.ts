import { homedir } from 'node:os';
import path from 'node:path';
import { CodedError } from '@meridian/language/coded-error.ts';
import { bringImages } from '../../images/bring-images.ts';
import type { BroughtImage, WantedImage } from '../../images/bring-images.ts';
import { imagesThere } from '../../images/images-there.ts';
import { layoutSource } from '../../images/layout-source.ts';
import { registrySource } from '../../images/registry-source.ts';
import { ownImages, refuseShared, sameImages } from '../../images/wanted-images.ts';
import type { OwnImage } from '../../images/wanted-images.ts';
import { recordDigests } from '../../pins/record-digests.ts';
import { registryReference } from '../../pins/reference.ts';
import { loginTo } from '../../registry/logins.ts';
import { Registry } from '../../registry/registry.ts';
import { clusterStack } from '../cluster-stack.ts';
import type { ClusterStack } from '../cluster-stack.ts';
import { printJson } from '../output/print-json.ts';
import { pathGiven } from '../path-given.ts';
import { programFolder } from '../places.ts';

/** Options of `npm run images`. */
export interface ImagesOptions {
  readonly stack: string;
  /** The stack whose images are brought. */
  readonly as?: string;
  /** A folder with the layout of each image, by its name. */
  readonly layouts?: string;
  readonly push?: boolean;
  readonly json?: boolean;
}

/**
 * Gives a stack the images that another one runs, or that were built into a folder: records their digests for it, and with `push`
 * brings them into its registry as they are.
 *
 * @throws {CodedError} IMAGES_OPTION_UNUSABLE, IMAGES_REFUSED, IMAGES_WITHOUT_CREDENTIALS, STACK_UNKNOWN, STACK_WITHOUT_CHARTS,
 *   SETTINGS_INVALID, GRAPH_INVALID, PINS_INVALID, DECLARED_FILE_MISSING, MIGRATIONS_MISNAMED, OBJECTS_INVALID
 */
export async function images(options: ImagesOptions): Promise<number> {
  const { stack, as, layouts, push = false, json = false } = options;
  refuseOptions(options);
  const given = await clusterStack(stack);
  const { brought, digests } =
    as === undefined
      ? await fromLayouts(given, pathGiven(layouts ?? ''), push)
      : await fromStack(given, { stack, as, push });
  recordDigests(
    programFolder,
    digests.map(({ name, reference, digest }) => ({ kind: 'image', name, reference, digest })),
  );
  report(digests, brought, json);
  return 0;
}

function refuseOptions({ as, layouts, stack }: ImagesOptions): void {
  const given = [
    as === undefined ? [] : ['--as'],
    layouts === undefined ? [] : ['--layouts'],
  ].flat();
  if (given.length === 1 && as !== stack) return;
  const said = as === stack ? `--as ${stack} for the same` : given.join(' and ') || 'neither';
  throw new CodedError(
    'IMAGES_OPTION_UNUSABLE',
    `Options of images: must name another stack whose images are brought (--as), or a folder that they were built into (--layouts), got ${said}; give one of them`,
  );
}

interface Brought {
  /** Empty where nothing was to be sent. */
  readonly brought: readonly BroughtImage[];
  readonly digests: readonly OwnImage[];
}

async function fromStack(
  given: ClusterStack,
  { stack, as, push }: { readonly stack: string; readonly as: string; readonly push: boolean },
): Promise<Brought> {
  const own = ownImages(given);
  const of = { stack: as, images: ownImages(await clusterStack(as)) };
  refuseShared({ stack, images: own, registry: given.settings.registry }, of);
  if (!push) return { brought: [], digests: sameImages(own, of) };
  const registries = new Registries();
  try {
    // A deployment asks for what was reviewed: where that is there, another stack may have gone on, or there may be none.
    const shared = own.filter((image) =>
      of.images.some((one) => one.reference === image.reference),
    );
    const apart = own.filter((image) => !shared.includes(image));
    const there = await imagesThere(apart, await registries.of(hostOf(given)));
    const same = sameImages(
      apart.filter((image) => !there.includes(image)),
      of,
    );
    const wanted: WantedImage[] = [];
    for (const { name, reference, digest, from } of same) {
      const { host, repository } = registryReference(from);
      const registry = await registries.of(host);
      const source = registrySource(registry, repository, digest);
      wanted.push({ name, source: () => source, ...placeOf(reference) });
    }
    const sent = await bring(given, wanted, registries);
    return {
      brought: [...there.map(({ name, digest }) => ({ name, digest, sentBytes: 0 })), ...sent],
      digests: [...there, ...same],
    };
  } finally {
    await registries.close();
  }
}

async function fromLayouts(given: ClusterStack, folder: string, push: boolean): Promise<Brought> {
  const own = ownImages(given);
  const wanted = own.map(({ name, reference }) => ({
    name,
    source: () => layoutSource(path.join(folder, name)),
    ...placeOf(reference),
  }));
  if (!push) {
    throw new CodedError(
      'IMAGES_OPTION_UNUSABLE',
      `Option '--layouts': must come with --push, as a digest that no registry has is not one to record, got it alone; add --push`,
    );
  }
  const registries = new Registries();
  try {
    const brought = await bring(given, wanted, registries);
    const digests = own.map((image) => {
      const { digest = image.digest } = brought.find(({ name }) => name === image.name) ?? {};
      return { ...image, digest };
    });
    return { brought, digests };
  } finally {
    await registries.close();
  }
}

const hostOf = ({ settings }: ClusterStack): string => settings.registry.split('/')[0] ?? '';

async function bring(
  given: ClusterStack,
  wanted: readonly WantedImage[],
  registries: Registries,
): Promise<readonly BroughtImage[]> {
  const { settings } = given;
  const architecture = 'aws' in settings ? settings.aws.architecture : undefined;
  return await bringImages(wanted, await registries.of(hostOf(given)), architecture);
}

function placeOf(reference: string): Pick<WantedImage, 'repository' | 'tag'> {
  const { repository, tag } = registryReference(reference);
  return { repository, tag };
}

/** Each registry is logged in to once. */
class Registries {
  readonly #open = new Map<string, Registry>();

  async of(host: string): Promise<Registry> {
    const known = this.#open.get(host);
    if (known !== undefined) return known;
    const docker = process.env['DOCKER_CONFIG'] ?? path.join(homedir(), '.docker');
    const registry = new Registry(host, await loginTo(host, docker));
    this.#open.set(host, registry);
    return registry;
  }

  async close(): Promise<void> {
    await Promise.all([...this.#open.values()].map((registry) => registry.close()));
  }
}

const MIB = 1024 ** 2;

function report(
  digests: readonly OwnImage[],
  brought: readonly BroughtImage[],
  json: boolean,
): void {
  const all = digests.map(({ name, reference, digest }) => {
    const sent = brought.find((image) => image.name === name)?.sentBytes;
    return { name, reference, digest, ...(sent === undefined ? {} : { sentBytes: sent }) };
  });
  if (json) {
    printJson<'images'>({ images: all });
    return;
  }
  const lines = all.map(({ name, reference, digest, sentBytes }) => {
    const sent = sentBytes === undefined ? '' : ` (${(sentBytes / MIB).toFixed(1)} MiB sent)`;
    return `image ${name} ${reference} ${digest}${sent}`;
  });
  const sum =
    all.length === 0
      ? 'Nothing to bring: both stacks take their images from one place, by digests that are recorded'
      : `Recorded ${all.length} digests in stacks/pins.json`;
  process.stdout.write(`${[...lines, sum].join('\n')}\n`);
}
