import { cpSync, existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { lowerKubernetes } from '@meridian/components/kubernetes/lower-kubernetes.ts';
import { landed } from '@meridian/components/model/landed.ts';
import { platform } from '../../../infra/platform-graph.ts';
import { stagingSettings } from '../../../stacks/staging.ts';
import { linkPackages } from '../../../tools/meridian/rehearsal/link-packages.ts';
import { wantedPins } from '../../../tools/pins/wanted-pins.ts';
import { programFolder } from '../../end-to-end/platform-under-test.ts';
import { keepChartStandIn, type ChartPacker } from './chart-archives-stand-in.ts';
import { imageDigest } from './staging.ts';

const NOT_OF_THE_PROGRAM = /^(\.git|node_modules|coverage|\.meridian.*)$/;

/** A copy of the program that may be changed, in which every image and chart has been looked up. */
export class ProgramCopy {
  readonly folder: string;
  /** Text of each file that was changed, as it was; undefined for one that was not there. */
  readonly #kept = new Map<string, string | undefined>();

  private constructor(folder: string) {
    this.folder = folder;
  }

  static async create(packer: ChartPacker): Promise<ProgramCopy> {
    const folder = join(packer.folder, 'program');
    const isOurs = (file: string) => !NOT_OF_THE_PROGRAM.test(basename(file));
    cpSync(programFolder, folder, {
      recursive: true,
      verbatimSymlinks: true,
      filter: isOurs,
    });
    linkPackages(programFolder, folder);
    const copy = new ProgramCopy(folder);
    await copy.#pin(packer);
    return copy;
  }

  /** Changes a file until `restore`. Throws where there is nothing to change. */
  edit(file: string, from: string | RegExp, to: string): void {
    const before = readFileSync(join(this.folder, file), 'utf8');
    const after = before.replace(from, to);
    if (after === before) throw new Error(`'${file}' has no '${String(from)}'`);
    this.write(file, after);
  }

  /** Writes a file until `restore`. */
  write(file: string, text: string): void {
    this.keep(file);
    writeFileSync(join(this.folder, file), text);
  }

  /** Has `restore` make a file what it is now. */
  keep(file: string): void {
    const place = join(this.folder, file);
    if (this.#kept.has(place)) return;
    this.#kept.set(place, existsSync(place) ? readFileSync(place, 'utf8') : undefined);
  }

  /** Makes all files what they were. */
  restore(): void {
    for (const [place, text] of this.#kept) {
      if (text === undefined) rmSync(place);
      else writeFileSync(place, text);
    }
    this.#kept.clear();
  }

  /** Writes what `npm run pins` would, with digests that images and charts could have. */
  async #pin(packer: ChartPacker): Promise<void> {
    const settings = stagingSettings({});
    const { version } = JSON.parse(readFileSync(join(this.folder, 'package.json'), 'utf8')) as {
      readonly version: string;
    };
    const graph = landed(platform(settings));
    const stack = lowerKubernetes({ graph, settings, version, migrations: {} });
    const pins = [];
    for (const pin of wantedPins('registry.example/base:1', stack)) {
      const digest =
        pin.kind === 'chart'
          ? await keepChartStandIn(packer, this.folder, pin.reference)
          : imageDigest(pin.reference);
      pins.push({ ...pin, digest });
    }
    writeFileSync(join(this.folder, 'stacks/pins.json'), JSON.stringify(pins));
  }
}
