import type { Descriptor } from '../registry/descriptor.ts';
import type { RawManifest } from '../registry/registry.ts';

/** Where an image is read from. What comes has been held against the digest that it was asked for by. */
export interface ImageSource {
  /** For people: 'registry.example/meridian/catalog:0.1.0', or a folder. */
  readonly name: string;
  /** The digest of the whole: of one image, or of a list of one for each platform. */
  readonly digest: string;
  manifest(digest: string): Promise<RawManifest>;
  /** A file with a blob; one that is made for it is made in the folder. */
  blob(descriptor: Descriptor, folder: string): Promise<string>;
}
