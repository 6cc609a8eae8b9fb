import type { AwsPostgresRestore } from '@meridian/components/aws/aws-settings.ts';
import { z } from 'zod';
import { jsonSetting } from './setting-schemas.ts';

/** Source: Amazon RDS API, RestoreDBClusterFromSnapshot, SnapshotIdentifier; its ARN has colons. */
const SNAPSHOT = /^[A-Za-z][A-Za-z0-9:_-]{0,254}$/;

/** Source: Amazon RDS API, CreateDBCluster, DBClusterIdentifier; a Multi-AZ DB cluster's name has 52 characters. */
const CLUSTER = /^[a-z](?!.*--)[a-z0-9-]{0,50}[a-z0-9]$/;

const RULE =
  'must be a JSON object {"snapshot": "<name or ARN>"}, or {"cluster": "<name>", "time": "2026-11-28T13:30:00Z"}: a moment in UTC unless the last one is wanted';

/** From what PostgreSQL in an account of AWS begins. */
export const awsPostgresRestore = jsonSetting<AwsPostgresRestore>(
  z.union([
    z.strictObject({ snapshot: z.string().regex(SNAPSHOT) }),
    z.strictObject({
      cluster: z.string().regex(CLUSTER),
      time: z.iso.datetime().exactOptional(),
    }),
  ]),
  RULE,
);
