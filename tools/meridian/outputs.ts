import path from 'node:path';
import {
  expandPlaceholders,
  placeholdersOf,
  type Folders,
} from '@meridian/provider-local/folders.ts';
import { shellQuoted } from './shell-quoted.ts';

/** What `npm start` reads of the stack's outputs (infra/outputs.ts says what there is). */
export interface EdgeOutputs {
  readonly edgeUrl: string;
  /** Path of the root certificate, with placeholders. */
  readonly rootCertificate: string;
}

/** Where users reach the platform, and the certificate that they trust for it. */
export interface EdgeAddress {
  readonly url: string;
  /** Absolute path. */
  readonly rootCertificate: string;
  /** The command that shows a reader the whole path at once. */
  readonly curl: string;
}

/** Makes an address of this machine of the stack's outputs. */
export function edgeAddress(outputs: EdgeOutputs, folders: Folders): EdgeAddress {
  const rootCertificate = path.normalize(
    expandPlaceholders(outputs.rootCertificate, placeholdersOf(folders, 'edge', 'envoy')),
  );
  const url = outputs.edgeUrl;
  return {
    url,
    rootCertificate,
    curl: `curl --cacert ${shellQuoted(rootCertificate)} ${url}/v1/products`,
  };
}
