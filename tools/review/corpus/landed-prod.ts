import { isDeepStrictEqual } from 'node:util';
import type { EditedModules } from './edited-modules.ts';
import { COMPONENTS, declareProd, isGround, LANDINGS, loweredProd } from './lowered-prod.ts';
import type { CloudNoun, Ground, LoweredProd } from './lowered-prod.ts';
import { recordClouds } from './record-clouds.ts';
import type { CloudResource } from './record-clouds.ts';

const NOUNS = Object.keys(LANDINGS) as readonly CloudNoun[];

/** Production as it is. */
interface Base extends Pick<LoweredProd, 'settings' | 'lowered'> {
  readonly ground: Ground;
  readonly resources: readonly CloudResource[];
}

/**
 * What production declares in its clouds, without an engine. A landing follows from its modules, the settings, what its noun is
 * lowered to and what it stands on: where a change leaves all of them as production has them, so is what it declares, and it is
 * not made again.
 */
export class LandedProd {
  readonly #modules: EditedModules;
  readonly #isWhole: boolean;
  #base: Base | undefined;

  /** @param isWhole whether everything is made again for each change */
  constructor(modules: EditedModules, isWhole: boolean) {
    this.#modules = modules;
    this.#isWhole = isWhole;
  }

  /** The resources with the modules as they are edited; the first time they are not, and that is production as it is. */
  async resources(): Promise<readonly CloudResource[]> {
    const now = await loweredProd(this.#modules);
    const nouns = this.#another(now);
    const { made: ground, resources: recorded } = await recordClouds(() =>
      declareProd(now, nouns, this.#base?.ground),
    );
    const kept = this.#base?.resources.filter((one) => !nouns.includes(nounOf(one))) ?? [];
    const resources = [...recorded, ...kept].toSorted((one, other) =>
      one.urn < other.urn ? -1 : 1,
    );
    this.#base ??= { ...now, ground, resources };
    return resources;
  }

  /** The nouns that are declared otherwise than by production as it is, as far as that is known before. */
  #another({ settings, lowered }: LoweredProd): readonly CloudNoun[] {
    const base = this.#base;
    if (
      base === undefined ||
      this.#isWhole ||
      !isDeepStrictEqual(settings, base.settings) ||
      Object.values(COMPONENTS).some((file) => this.#modules.reaches(file))
    ) {
      return NOUNS;
    }
    const another = NOUNS.filter(
      (noun) =>
        this.#modules.reaches(LANDINGS[noun]) ||
        !isDeepStrictEqual(lowered[noun], base.lowered[noun]),
    );
    const ground = NOUNS.findIndex((noun) => isGround(noun) && another.includes(noun));
    // Whatever comes after it stands on it.
    return ground === -1 ? another : NOUNS.slice(ground);
  }
}

/** Resources are named after their nouns. */
function nounOf({ urn }: CloudResource): CloudNoun {
  const name = urn.split('::').at(-1) ?? '';
  const noun = NOUNS.find((one) => name === one || name.startsWith(`${one}-`));
  if (noun === undefined) throw new Error(`No noun declares ${urn}`);
  return noun;
}
