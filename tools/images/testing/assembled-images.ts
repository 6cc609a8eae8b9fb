import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { landed } from '@meridian/components/model/landed.ts';
import { sortedUnique } from '@meridian/components/model/order.ts';
import { platform } from '../../../infra/platform-graph.ts';
import { stagingSettings } from '../../../stacks/staging.ts';
import { assembleImage } from '../assemble-image.ts';
import type { AssembledImage } from '../assemble-image.ts';
import { imageContent } from '../image-content.ts';
import type { ImageContent } from '../image-content.ts';

/** Folder of the clone. */
export const root = path.resolve(import.meta.dirname, '../../..');

/** The part of the platform that has code, as a stack that runs in a cluster has it. */
export const graph = landed(platform(stagingSettings({})));

/** The services that have code, sorted. */
export const services = graph.services.map(({ name }) => name);

/** The program of an image in a folder of its own. */
export interface Assembly {
  readonly folder: string;
  readonly content: ImageContent;
  readonly image: AssembledImage;
  /** Files and links that the folder has. */
  readonly entries: readonly string[];
}

/** The images of a test: assembled when they are first needed, in a folder that is removed at its end. */
export class AssembledImages {
  readonly folder = mkdtempSync(path.join(tmpdir(), 'meridian-image-'));
  readonly #assemblies = new Map<string, Assembly>();

  /** The image of a service; like in a cluster, nobody can write to it. */
  of(service: string): Assembly {
    const known = this.#assemblies.get(service);
    if (known !== undefined) return known;
    const assembly = this.assemble(service, service);
    execFileSync('chmod', ['-R', 'a-w', assembly.folder]);
    this.#assemblies.set(service, assembly);
    return assembly;
  }

  /** Assembles the image of a service as it is built. */
  assemble(service: string, name: string): Assembly {
    const folder = path.join(this.folder, name);
    const content = imageContent(root, graph, service);
    const image = assembleImage(root, content, folder);
    return { folder, content, image, entries: sortedUnique(entriesOf(folder)) };
  }

  remove(): void {
    execFileSync('chmod', ['-R', 'u+w', this.folder]);
    rmSync(this.folder, { recursive: true });
  }
}

/** Everything but folders; links are not followed. */
function entriesOf(folder: string, prefix = ''): readonly string[] {
  return readdirSync(path.join(folder, prefix), { withFileTypes: true }).flatMap((entry) => {
    const place = path.join(prefix, entry.name);
    return entry.isDirectory() ? entriesOf(folder, place) : [place];
  });
}
