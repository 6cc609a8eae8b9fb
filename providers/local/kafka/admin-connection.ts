import { createPrivateKey, X509Certificate } from 'node:crypto';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import kafkajs from 'kafkajs';
import type { Admin } from 'kafkajs';
import { readIfThere } from '../machine/atomic-file.ts';
import { placeholdersOf } from '../folders.ts';
import type { Folders } from '../folders.ts';
import { CodedError } from '@meridian/language/coded-error.ts';
import { messageOf } from '@meridian/language/thrown.ts';
import { nameOf } from './cluster.ts';
import type { KafkaCluster } from './cluster.ts';

/** Identity folder, in the folder of each broker's process, of who may administer the cluster. */
export const ADMIN_IDENTITY_FOLDER = 'admin-tls';

const CONNECT_TIMEOUT_MS = 5000;
const REQUEST_TIMEOUT_MS = 15_000;
const RETRY_MS = 500;

export interface AdminOptions {
  readonly folders: Folders;
  readonly cluster: KafkaCluster;
  /** How long to go on trying while there is no quorum, in milliseconds. @default 0: one try */
  readonly patienceMs?: number;
  readonly signal?: AbortSignal;
}

/**
 * Runs `work` as the cluster's administrator, again and again while brokers are away or elect, so
 * `work` must bear being done twice.
 * @throws {CodedError} KAFKA_UNREACHABLE when no broker could serve in time, CANCELLED
 */
export async function withAdmin<T>(
  { folders, cluster, patienceMs = 0, signal }: AdminOptions,
  work: (admin: Admin) => Promise<T>,
): Promise<T> {
  const deadline = Date.now() + patienceMs;
  for (;;) {
    if (signal?.aborted === true) {
      throw new CodedError('CANCELLED', `Stopped while ${nameOf(cluster)} was waited for`);
    }
    try {
      return await attempt(folders, cluster, work);
    } catch (thrown) {
      if (!isTemporary(thrown)) {
        throw refused(cluster, thrown);
      }
      if (Date.now() >= deadline) {
        throw new CodedError(
          'KAFKA_UNREACHABLE',
          `${nameOf(cluster)}: no broker could serve the request (${messageOf(thrown)}); 'npm run status' tells which of them run`,
          { cause: thrown },
        );
      }
      await delay(RETRY_MS);
    }
  }
}

/** Kafka's name of an error, such as 'UNKNOWN_TOPIC_OR_PARTITION', or kafkajs's own. */
export function codeOf(thrown: unknown): string | undefined {
  if (typeof thrown !== 'object' || thrown === null) {
    return undefined;
  }
  const { type, errors, cause, name } = thrown as Readonly<Record<string, unknown>>;
  if (typeof type === 'string') {
    return type;
  }
  // kafkajs collects the errors of one request, and wraps what it gave up on.
  const inner = codeOf(Array.isArray(errors) ? errors[0] : undefined) ?? codeOf(cause);
  return inner ?? (typeof name === 'string' ? name : undefined);
}

async function attempt<T>(
  folders: Folders,
  cluster: KafkaCluster,
  work: (admin: Admin) => Promise<T>,
): Promise<T> {
  const admin = new kafkajs.Kafka({
    clientId: 'meridian-local',
    brokers: cluster.brokers.map(({ address, port }) => `${address}:${port}`),
    ssl: { ...(await readIdentity(folders, cluster)), minVersion: 'TLSv1.3' },
    logLevel: kafkajs.logLevel.NOTHING,
    connectionTimeout: CONNECT_TIMEOUT_MS,
    requestTimeout: REQUEST_TIMEOUT_MS,
    // One round over the brokers; what comes after is decided here.
    retry: { retries: cluster.brokers.length, initialRetryTime: 100, maxRetryTime: 500 },
  }).admin();
  try {
    await admin.connect();
    return await work(admin);
  } finally {
    await admin.disconnect();
  }
}

/** The certificate that the agents of the brokers' zones keep; a dead agent's has expired, or is torn. */
async function readIdentity(folders: Folders, cluster: KafkaCluster) {
  for (const { zone, process } of cluster.brokers) {
    const folder = join(placeholdersOf(folders, zone, process).self, ADMIN_IDENTITY_FOLDER);
    const [key, cert, ca] = await Promise.all(
      ['tls.key', 'tls.crt', 'ca.crt'].map((file) => readIfThere(join(folder, file))),
    );
    if (key !== undefined && cert !== undefined && ca !== undefined && isUsable(key, cert, ca)) {
      return { key, cert, ca: [ca] };
    }
  }
  throw new IdentityMissing(`no agent of its zones keeps a valid certificate for an administrator`);
}

/** Whether the chain is whole up to the root, is valid now, and has this key. */
function isUsable(key: string, chain: string, ca: string): boolean {
  try {
    const root = new X509Certificate(ca);
    const certificates = chain
      .split(/(?<=-----END CERTIFICATE-----\n)/)
      .map((pem) => new X509Certificate(pem));
    const now = new Date();
    return (
      certificates[0]?.checkPrivateKey(createPrivateKey(key)) === true &&
      certificates.at(-1)?.checkIssued(root) === true &&
      [...certificates, root].every(
        ({ validFromDate, validToDate }) => validFromDate <= now && now < validToDate,
      )
    );
  } catch {
    return false;
  }
}

/** An agent that just starts issues it in a moment. */
class IdentityMissing extends Error {
  override readonly name = 'IdentityMissing';
}

/** What a broker says that is away, starting, or waiting for others, and what kafkajs makes of it. */
const TEMPORARY: ReadonlySet<string | undefined> = new Set([
  'IdentityMissing',
  'KafkaJSConnectionError',
  'KafkaJSConnectionClosedError',
  'KafkaJSRequestTimeoutError',
  'KafkaJSBrokerNotFound',
  'KafkaJSMetadataNotLoaded',
  'KafkaJSTopicMetadataNotLoaded',
  'KafkaJSNumberOfRetriesExceeded',
  'BROKER_NOT_AVAILABLE',
  'COORDINATOR_NOT_AVAILABLE',
  // Fewer brokers have joined than there are to be copies.
  'INVALID_REPLICATION_FACTOR',
  'LEADER_NOT_AVAILABLE',
  'NETWORK_EXCEPTION',
  'NOT_CONTROLLER',
  'NOT_LEADER_FOR_PARTITION',
  'REQUEST_TIMED_OUT',
  'UNKNOWN',
  // The broker that was asked has not heard of a new topic yet.
  'UNKNOWN_TOPIC_OR_PARTITION',
]);

function isTemporary(thrown: unknown): boolean {
  return TEMPORARY.has(codeOf(thrown));
}

function refused(cluster: KafkaCluster, thrown: unknown): unknown {
  if (thrown instanceof CodedError) {
    return thrown;
  }
  return new CodedError(
    'KAFKA_REFUSED',
    `${nameOf(cluster)}: refuses its administrator: ${messageOf(thrown)}`,
    { cause: thrown },
  );
}
