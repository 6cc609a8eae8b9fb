import { parse } from 'yaml';
import { digestOf } from '../../stacks/pins.ts';
import { boundedGet } from './bounded-get.ts';
import { LookupFailure } from './lookup-failure.ts';

/** Repositories with hundreds of charts have indexes of some ten megabytes. */
const LARGEST_INDEX_BYTES = 64 * 1024 ** 2;
/** Of any chart; the largest known has three. */
export const LARGEST_CHART_BYTES = 16 * 1024 ** 2;

/** A version of a chart in an index. See https://helm.sh/docs/topics/chart_repository/. */
interface IndexEntry {
  readonly version?: unknown;
  readonly digest?: unknown;
  readonly urls?: readonly unknown[];
}

/** A chart of a repository that has an index. */
export interface IndexedChart {
  readonly repository: string;
  readonly chart: string;
  readonly version: string;
}

/** A chart's archive, and the digest of its bytes. */
export interface FoundArchive {
  readonly digest: string;
  readonly archive: Buffer;
}

/**
 * The archive of a chart. It must be what the index says, since a version that was published twice has two.
 *
 * @throws {LookupFailure} when there is none, or what comes is none
 */
export async function findChart({
  repository,
  chart,
  version,
}: IndexedChart): Promise<FoundArchive> {
  const base = new URL(`${repository}/`);
  const entry = await findEntry(base, chart, version);
  const [location] = entry.urls ?? [];
  if (typeof location !== 'string' || !URL.canParse(location, base.href)) {
    throw new LookupFailure(`${base.host} does not say where ${chart} ${version} is`);
  }
  const url = new URL(location, base);
  const { status, body } = await boundedGet(url, {}, LARGEST_CHART_BYTES);
  if (status !== 200) throw new LookupFailure(`${url.host} answered ${status} for the archive`);
  const digest = digestOf(body);
  // Some repositories leave it out; those that have it write it with the algorithm or without.
  const claimed =
    typeof entry.digest === 'string' ? `sha256:${entry.digest.replace('sha256:', '')}` : digest;
  if (claimed !== digest) {
    throw new LookupFailure(`${base.host} says that the digest is ${claimed}, but it is ${digest}`);
  }
  return { digest, archive: body };
}

async function findEntry(base: URL, chart: string, version: string): Promise<IndexEntry> {
  const { status, body } = await boundedGet(new URL('index.yaml', base), {}, LARGEST_INDEX_BYTES);
  if (status !== 200) throw new LookupFailure(`${base.host} answered ${status} for its index`);
  const versions = chartsOf(body, base.host)[chart];
  if (!Array.isArray(versions)) throw new LookupFailure(`${base.host} has no chart '${chart}'`);
  const entry = (versions as readonly IndexEntry[]).find(
    (candidate) => candidate.version === version,
  );
  if (entry === undefined) throw new LookupFailure(`${base.host} has no ${chart} ${version}`);
  return entry;
}

function chartsOf(body: Buffer, host: string): Readonly<Record<string, unknown>> {
  let index: unknown;
  try {
    index = parse(body.toString('utf8'));
  } catch (cause) {
    throw new LookupFailure(`${host} has an index that is not YAML`, { cause });
  }
  const { entries } = (index ?? {}) as { readonly entries?: unknown };
  if (typeof entries !== 'object' || entries === null) {
    throw new LookupFailure(`${host} has an index without charts`);
  }
  return entries as Readonly<Record<string, unknown>>;
}
