import { PORT_BLOCK_SIZE, PORT_OFFSETS } from '@meridian/components/local/addresses.ts';
import type { LocalSettings } from '@meridian/components/local/local-settings.ts';
import type { ZoneNode } from '@meridian/components/model/graph.ts';
import { SettingReader } from './setting-reader.ts';
import type { RawSettings } from './setting-reader.ts';

/** Where Pulumi keeps the settings of this stack. */
export const LOCAL_FILE = 'Pulumi.local.yaml';

/** The SPIFFE trust domain of this stack, under which its services and its own accounts are named. */
export const LOCAL_TRUST_DOMAIN = 'meridian.local';

/** Three loopback networks; every address of 127.0.0.0/8 can be listened on as it is. */
export const LOCAL_ZONES: readonly ZoneNode[] = [
  { name: 'a', network: '127.0.1.0/24' },
  { name: 'b', network: '127.0.2.0/24' },
  { name: 'c', network: '127.0.3.0/24' },
];

export const DEFAULT_PORT_BASE = 17_000;
export const DEFAULT_EDGE_PORT = 8_443;

/** The longest that the platform allows a leaf to live. */
export const DEFAULT_LEAF_LIFETIME_SECONDS = 3_600;

/** Long: the root never leaves the machine, and a new one means new trust for every client. */
export const DEFAULT_ROOT_LIFETIME_DAYS = 3_650;

/** Ports below need privileges; those above the range of a block would leave it. */
const PORT_BASE_RANGE = [1_024, 65_536 - PORT_BLOCK_SIZE] as const;
const EDGE_PORT_RANGE = [1_024, 65_535] as const;
const LEAF_LIFETIME_RANGE_SECONDS = [60, 3_600] as const;
const ROOT_LIFETIME_RANGE_DAYS = [1, 3_650] as const;
const PASSWORD_GENERATION_RANGE = [1, 1_000_000] as const;

/** The settings of the local stack. Throws CodedError SETTINGS_INVALID with every problem. */
export function localSettings(raw: RawSettings): LocalSettings {
  const reader = new SettingReader(raw, LOCAL_FILE);
  const settings: LocalSettings = {
    landing: 'local',
    file: LOCAL_FILE,
    environment: 'local',
    trustDomain: LOCAL_TRUST_DOMAIN,
    rootLifetimeDays: reader.integer(
      'rootLifetimeDays',
      ROOT_LIFETIME_RANGE_DAYS,
      DEFAULT_ROOT_LIFETIME_DAYS,
    ),
    leafLifetimeSeconds: reader.integer(
      'leafLifetimeSeconds',
      LEAF_LIFETIME_RANGE_SECONDS,
      DEFAULT_LEAF_LIFETIME_SECONDS,
    ),
    passwordGeneration: reader.integer('passwordGeneration', PASSWORD_GENERATION_RANGE, 1),
    zones: LOCAL_ZONES,
    portBase: reader.integer('portBase', PORT_BASE_RANGE, DEFAULT_PORT_BASE),
    edgePort: reader.integer('edgePort', EDGE_PORT_RANGE, DEFAULT_EDGE_PORT),
    replicas: reader.counts('replicas'),
  };
  const adminPort = settings.portBase + PORT_OFFSETS.edgeAdmin;
  if (settings.edgePort === adminPort) {
    const rule = `must differ from the edge's admin port, which is meridian:portBase + ${PORT_OFFSETS.edgeAdmin}`;
    reader.problem('edgePort', rule, String(adminPort));
  }
  reader.finish();
  return settings;
}
