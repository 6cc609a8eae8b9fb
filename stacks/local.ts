import { PORT_BLOCK_SIZE, PORT_OFFSETS } from '@meridian/components/local/addresses.ts';
import type { LocalSettings } from '@meridian/components/local/local-settings.ts';
import type { ZoneNode } from '@meridian/components/model/graph.ts';
import { z } from 'zod';
import { auditKeepDays } from './audit-settings.ts';
import {
  countsByName,
  countsByNames,
  ifValid,
  readSettings,
  trueOrFalse,
  wholeNumber,
} from './setting-schemas.ts';
import type { RawSettings } from './setting-schemas.ts';

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

const schema = z
  .strictObject({
    rootLifetimeDays: wholeNumber(ROOT_LIFETIME_RANGE_DAYS).default(DEFAULT_ROOT_LIFETIME_DAYS),
    leafLifetimeSeconds: wholeNumber(LEAF_LIFETIME_RANGE_SECONDS).default(
      DEFAULT_LEAF_LIFETIME_SECONDS,
    ),
    passwordGeneration: wholeNumber(PASSWORD_GENERATION_RANGE).default(1),
    portBase: wholeNumber(PORT_BASE_RANGE).default(DEFAULT_PORT_BASE),
    edgePort: wholeNumber(EDGE_PORT_RANGE).default(DEFAULT_EDGE_PORT),
    replicas: countsByName().default({}),
    standIns: countsByNames().default({}),
    telemetry: trueOrFalse().default(true),
    postgresArchive: trueOrFalse().default(false),
    auditKeepDays: auditKeepDays(),
  })
  .superRefine(
    ({ portBase, edgePort }, context) => {
      if (edgePort !== portBase + PORT_OFFSETS.edgeAdmin) return;
      context.addIssue({
        code: 'custom',
        path: ['edgePort'],
        message: `must differ from the edge's admin port, which is meridian:portBase + ${PORT_OFFSETS.edgeAdmin}`,
        params: { given: edgePort },
      });
    },
    ifValid('portBase', 'edgePort'),
  );

/** The settings of the local stack. Throws CodedError SETTINGS_INVALID with every problem. */
export function localSettings(raw: RawSettings): LocalSettings {
  const { auditKeepDays: days, ...given } = readSettings(schema, raw, LOCAL_FILE);
  return {
    landing: 'local',
    file: LOCAL_FILE,
    environment: 'local',
    trustDomain: LOCAL_TRUST_DOMAIN,
    zones: LOCAL_ZONES,
    ...given,
    ...(days === undefined ? {} : { auditKeepDays: days }),
  };
}
