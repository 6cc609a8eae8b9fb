import path from 'node:path';
import { CodedError } from '@meridian/language/coded-error.ts';
import { socketFactory } from '@meridian/kit/kafka/client.ts';
import { Identity } from '@meridian/kit/tls/identity.ts';
import { placeholdersOf } from '@meridian/provider-local/folders.ts';
import type { Folders } from '@meridian/provider-local/folders.ts';
import {
  ADMIN_IDENTITY_FOLDER,
  withAdmin,
} from '@meridian/provider-local/kafka/admin-connection.ts';
import kafkajs from 'kafkajs';
import { KAFKA } from '../denial/principals.ts';
import { localFolders } from '../meridian/places.ts';
import { zoneStatuses } from '../meridian/zones.ts';
import type { KafkaAccess } from './topic-reader.ts';

/** How long brokers that are away or elect are waited for. */
const PATIENCE_MS = 60_000;

/**
 * A client with the certificate by which the program itself administers Kafka on this machine.
 *
 * @throws {CodedError} PLATFORM_NOT_RUNNING
 */
export async function openAsAdministrator(
  folders: Folders = localFolders(),
): Promise<{ access: KafkaAccess; identity: Identity }> {
  const brokers = (await zoneStatuses(folders)).flatMap(({ zone, status }) =>
    (status?.processes ?? []).flatMap(({ name, listens }) => {
      const listener = listens.find((candidate) => candidate.name === 'kafka');
      if (listener === undefined) return [];
      const { address, port } = listener;
      return [{ zone, process: name, address, port }];
    }),
  );
  const [first] = brokers;
  if (first === undefined) {
    throw new CodedError(
      'PLATFORM_NOT_RUNNING',
      "Events: a broker must run, got none; bring the platform up with 'npm start' first.",
    );
  }
  const { self } = placeholdersOf(folders, first.zone, first.process);
  const identity = Identity.open(path.join(self, ADMIN_IDENTITY_FOLDER));
  const kafka = new kafkajs.Kafka({
    clientId: 'meridian-events',
    brokers: brokers.map(({ address, port }) => `${address}:${port}`),
    socketFactory: socketFactory(identity),
    logLevel: kafkajs.logLevel.NOTHING,
    connectionTimeout: 3_000,
    requestTimeout: 10_000,
    retry: { initialRetryTime: 200, maxRetryTime: 1_000, retries: 10 },
  });
  const cluster = { id: KAFKA, brokers };
  const access: KafkaAccess = {
    kafka,
    withAdmin: (work) => withAdmin({ folders, cluster, patienceMs: PATIENCE_MS }, work),
  };
  return { access, identity };
}
