import { LookupFailure } from './lookup-failure.ts';

/** What a registry keeps under a tag. */
export interface RegistryReference {
  /** Host with its port, if any: `registry.example:5000`. */
  readonly host: string;
  readonly repository: string;
  readonly tag: string;
}

/**
 * `<host>/<repository>:<tag>`; grammar of the OCI distribution specification 1.1, section
 * "Pulling manifests". Nothing is filled in: a host is always given.
 */
const REGISTRY_REFERENCE =
  /^([a-z0-9][a-z0-9.-]*(?::[0-9]{1,5})?)\/([a-z0-9]+(?:(?:\.|_|__|-+|\/)[a-z0-9]+)*):([a-zA-Z0-9_][a-zA-Z0-9._-]{0,127})$/;

/** A chart of a repository with an index: `https://host/path/<chart>:<version>`. */
const INDEXED_CHART = /^(https?:\/\/.+)\/([a-zA-Z0-9._-]+):([^/:]+)$/;

/** Takes the reference of an image apart. */
export function registryReference(text: string): RegistryReference {
  const [, host, repository, tag] = REGISTRY_REFERENCE.exec(text) ?? [];
  if (host === undefined || repository === undefined || tag === undefined) {
    throw new LookupFailure(`must be <host>/<repository>:<tag>, got '${text}'`);
  }
  return { host, repository, tag };
}

/** Where a chart is published. */
export type ChartReference =
  | { readonly kind: 'registry'; readonly reference: RegistryReference }
  | {
      readonly kind: 'indexed';
      readonly repository: string;
      readonly chart: string;
      readonly version: string;
    };

const OCI = 'oci://';

/** Takes the reference of a chart apart: `oci://…` is in a registry, `https://…` in an index. */
export function chartReference(text: string): ChartReference {
  if (text.startsWith(OCI)) {
    // A tag has no '+', so Helm writes '_' for it.
    const reference = registryReference(text.slice(OCI.length).replaceAll('+', '_'));
    return { kind: 'registry', reference };
  }
  const [, repository, chart, version] = INDEXED_CHART.exec(text) ?? [];
  if (repository === undefined || chart === undefined || version === undefined) {
    throw new LookupFailure(
      `must be oci://<host>/<repository>:<version> or https://<repository>/<chart>:<version>, got '${text}'`,
    );
  }
  return { kind: 'indexed', repository, chart, version };
}
