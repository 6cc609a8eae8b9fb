import type { ZoneNode } from '../model/graph.ts';

/** What a stack on this machine decides; stacks/local.ts gives the defaults and the ranges. */
export interface LocalSettings {
  readonly landing: 'local';
  /** The file that messages send the user to. */
  readonly file: string;
  /** Name of the environment, such as 'local'. */
  readonly environment: string;
  readonly trustDomain: string;
  /** Lifetime of the root certificate. */
  readonly rootLifetimeDays: number;
  /** Another number than before gives every user of an engine a new password, without a restart. */
  readonly passwordGeneration: number;
  /** Days until what entries of the audit trail carry may move to an archive. @default for ever */
  readonly auditKeepDays?: number;
  /** Lifetime of a leaf certificate; it is renewed at half of it. */
  readonly leafLifetimeSeconds: number;
  readonly zones: readonly ZoneNode[];
  /** First port of the block that every address uses; see addresses.ts. */
  readonly portBase: number;
  /** Port of the edge on 127.0.0.1. */
  readonly edgePort: number;
  /** Replicas by the name of the service. @default one in each zone */
  readonly replicas: Readonly<Record<string, number>>;
  /**
   * How what stands in for systems outside the platform behaves, by the external's name: numbers that the
   * stand-in knows. @default as it does by itself
   */
  readonly standIns: Readonly<Record<string, Readonly<Record<string, number>>>>;
  /** Whether what receives, keeps and shows telemetry runs, where its engines are installed. */
  readonly telemetry: boolean;
  /** Whether PostgreSQL keeps what it can be restored from, outside of its own folder. */
  readonly postgresArchive: boolean;
}
