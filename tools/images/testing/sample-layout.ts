import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { digestOf } from '../../../stacks/pins.ts';
import type { Descriptor } from '../../registry/descriptor.ts';

const INDEX = 'application/vnd.oci.image.index.v1+json';
const MANIFEST = 'application/vnd.oci.image.manifest.v1+json';
const CONFIGURATION = 'application/vnd.oci.image.config.v1+json';
const LAYER = 'application/vnd.oci.image.layer.v1.tar';

/** What the sample is. */
export interface SampleLayout {
  readonly architectures: readonly string[];
  /** Of its layer: another text is another image. @default one of its own for each architecture */
  readonly text?: string;
}

/**
 * Writes an image as Docker's builder leaves it in a folder: a list with an image for each architecture, and for each what says how
 * it was made. Gives the digest of the list.
 */
export function writeSampleLayout(folder: string, { architectures, text }: SampleLayout): string {
  const keep = (mediaType: string, content: string): Descriptor => {
    const bytes = Buffer.from(content);
    const digest = digestOf(bytes);
    const file = path.join(folder, 'blobs', ...digest.split(':'));
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, bytes);
    return { mediaType, digest, size: bytes.length };
  };
  const image = (configuration: object, content: string): Descriptor =>
    keep(
      MANIFEST,
      JSON.stringify({
        schemaVersion: 2,
        mediaType: MANIFEST,
        config: keep(CONFIGURATION, JSON.stringify(configuration)),
        layers: [keep(LAYER, content)],
      }),
    );
  const manifests = architectures.flatMap((architecture) => {
    const made = image({ os: 'linux', architecture }, text ?? `program for ${architecture}`);
    const said = image({ os: 'unknown', architecture: 'unknown' }, `how ${made.digest} was made`);
    return [
      { ...made, platform: { os: 'linux', architecture } },
      { ...said, platform: { os: 'unknown', architecture: 'unknown' } },
    ];
  });
  const list = keep(INDEX, JSON.stringify({ schemaVersion: 2, mediaType: INDEX, manifests }));
  writeFileSync(path.join(folder, 'oci-layout'), '{"imageLayoutVersion":"1.0.0"}');
  writeFileSync(
    path.join(folder, 'index.json'),
    JSON.stringify({ schemaVersion: 2, mediaType: INDEX, manifests: [list] }),
  );
  return list.digest;
}
