import { resolve } from 'node:path';
import { EDGE_BINDING } from '@meridian/language/bindings.ts';
import type { Runtime } from '@meridian/kit/runtime.ts';

/** Where the edge is, and by what it is known. */
export interface EdgePlace {
  /** As users know it, without a path. */
  readonly url: URL;
  /** Certificates to trust, in PEM; read again at each connection. @default those of Node.js */
  readonly caFile: string | undefined;
  /** Where to connect instead of the URL's host, whose name the certificate must have all the same. */
  readonly connectTo: { readonly host: string; readonly port: number } | undefined;
}

/** The binding of a probe: where the edge is, and the password of its account there. */
export interface EdgeBinding extends EdgePlace {
  /** One password a line, the current one first. */
  readonly passwordFile: string;
}

/** Reads the binding to the edge; throws a CodedError that names the file. */
export function readEdgeBinding({
  bindings,
  workingFolder,
}: Pick<Runtime, 'bindings' | 'workingFolder'>): EdgeBinding {
  const binding = bindings.get(EDGE_BINDING, 'edge');
  const caFile = binding.optionalProperty('ca-file');
  const [host = '', port = ''] = binding.optionalProperty('connect-to')?.split(':') ?? [];
  return {
    url: new URL(binding.property('uri')),
    caFile: caFile === undefined ? undefined : resolve(workingFolder, caFile),
    connectTo: host === '' ? undefined : { host, port: Number(port) },
    passwordFile: resolve(workingFolder, binding.property('password-file')),
  };
}
