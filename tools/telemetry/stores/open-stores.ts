import { readFileSync } from 'node:fs';
import path from 'node:path';
import { TELEMETRY_ZONE } from '@meridian/components/observability/local-places.ts';
import {
  LOGS_USER,
  logsPasswordFile,
} from '@meridian/components/observability/local/victorialogs.ts';
import { OPERATOR_TLS_FOLDER } from '@meridian/components/observability/local/telemetry-tls.ts';
import { telemetryName } from '@meridian/components/observability/telemetry-names.ts';
import { CodedError } from '@meridian/language/coded-error.ts';
import type { ZoneStatus } from '@meridian/provider-local/agent-client.ts';
import {
  expandPlaceholders,
  placeholdersOf,
  type Folders,
} from '@meridian/provider-local/folders.ts';
import { localStackSettings } from '../../meridian/kept-settings.ts';
import { localFolders } from '../../meridian/places.ts';
import { telemetryState, telemetryText } from '../../meridian/telemetry/telemetry-state.ts';
import { knownZones, zoneStatus } from '../../meridian/zones.ts';
import type { StoreName, StoreTls } from './store-connection.ts';
import { Stores } from './stores.ts';

/** The listen by which each store is asked. */
const LISTENS: Readonly<Record<StoreName, string>> = {
  prometheus: 'https',
  alertmanager: 'https',
  victorialogs: 'https',
  jaeger: 'query',
};

/** The process that keeps the operator's certificate. */
const KEEPER = 'prometheus';

/**
 * The stores of the platform on this machine, asked as the operator.
 *
 * @throws {CodedError} PLATFORM_NOT_RUNNING, TELEMETRY_ABSENT
 */
export async function openStores(folders: Folders = localFolders()): Promise<Stores> {
  const status = await zoneStatus(folders, TELEMETRY_ZONE.name);
  if (status === undefined) throw await absent(folders, knownZones(folders).length > 0);
  const tls = operatorCertificate(folders);
  const address = (store: StoreName) => ({
    origin: originOf(status, store),
    tls: { ...tls, servername: telemetryName(store) },
  });
  return new Stores({
    prometheus: address('prometheus'),
    alertmanager: address('alertmanager'),
    victorialogs: { ...address('victorialogs'), authorization: authorization(folders) },
    jaeger: address('jaeger'),
  });
}

async function absent(folders: Folders, isThere: boolean): Promise<CodedError> {
  if (!isThere) {
    return new CodedError(
      'PLATFORM_NOT_RUNNING',
      "Telemetry: the platform must run, got none; bring it up with 'npm start' first.",
    );
  }
  const state = telemetryText(await telemetryState(folders));
  return new CodedError(
    'TELEMETRY_ABSENT',
    `Telemetry: must have joined the platform, got: ${state}; 'npm run status' shows how it stands`,
  );
}

function originOf({ processes }: ZoneStatus, store: StoreName): string {
  const listen = processes
    .find(({ name }) => name === store)
    ?.listens.find(({ name }) => name === LISTENS[store]);
  if (listen !== undefined) return `https://${listen.address}:${listen.port}`;
  throw new CodedError(
    'TELEMETRY_ABSENT',
    `Telemetry: '${store}' must be a process of the zone '${TELEMETRY_ZONE.name}', got none of that name; 'npm start -- --full' starts what is missing`,
  );
}

function operatorCertificate(folders: Folders): Omit<StoreTls, 'servername'> {
  const { self } = placeholdersOf(folders, TELEMETRY_ZONE.name, KEEPER);
  const read = (file: string): string =>
    readFileSync(path.join(self, OPERATOR_TLS_FOLDER, file), 'utf8');
  return { ca: read('ca.crt'), cert: read('tls.crt'), key: read('tls.key') };
}

/** The user and password of the store that knows no client certificates. */
function authorization(folders: Folders): string {
  const generation = Number(localStackSettings(folders).all['meridian:passwordGeneration'] ?? 1);
  const file = expandPlaceholders(
    logsPasswordFile(generation),
    placeholdersOf(folders, TELEMETRY_ZONE.name, 'victorialogs'),
  );
  const password = readFileSync(file, 'utf8').trim();
  return `Basic ${Buffer.from(`${LOGS_USER}:${password}`).toString('base64')}`;
}
