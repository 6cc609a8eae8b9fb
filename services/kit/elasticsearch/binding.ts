import { resolve } from 'node:path';
import type { Bindings } from '../bindings.ts';

/** Where an index of Elasticsearch is, and who we are there. */
export interface ElasticsearchBinding {
  readonly name: string;
  readonly host: string;
  readonly port: number;
  readonly username: string;
  /** File of the password, read again for each request. */
  readonly passwordFile: string;
  /** The alias that searches use; what is built beside it is called `<index>.<suffix>`. */
  readonly index: string;
  /** Folder of the client certificate. */
  readonly tlsFolder: string;
  /** The same as the binding says it, for logs and metrics. */
  readonly tlsFolderName: string;
}

/** Reads a binding of type 'elasticsearch'; throws a CodedError that names the file. */
export function readElasticsearchBinding(
  bindings: Bindings,
  name: string,
  workingFolder: string,
): ElasticsearchBinding {
  const binding = bindings.get(name, 'elasticsearch');
  const tlsFolderName = binding.property('tls-folder');
  return {
    name,
    host: binding.property('host'),
    port: Number(binding.property('port')),
    username: binding.property('username'),
    passwordFile: resolve(workingFolder, binding.property('password-file')),
    index: binding.property('index'),
    tlsFolder: resolve(workingFolder, tlsFolderName),
    tlsFolderName,
  };
}
