import type { AgentSettingsInput } from '@meridian/provider-local/agent-client.ts';
import type { ProcessIdentity } from '@meridian/provider-local/machine/process-table.ts';
import type { IdentitySpec, ProcessSpec } from '@meridian/provider-local/process-spec.ts';

/** Another spec for a process of an agent; the agent does what it takes. */
export interface ProcessStep {
  readonly kind: 'process';
  readonly zone: string;
  readonly original: ProcessSpec;
  readonly changed: ProcessSpec;
}

/** The agent of a zone is killed, and all of the zone with it. */
export interface ZoneStep {
  readonly kind: 'zone';
  readonly settings: AgentSettingsInput;
}

/** Processes that run only a part of each period, as on a machine that has too much to do. */
export interface StutterStep {
  readonly kind: 'stutter';
  readonly processes: readonly ProcessIdentity[];
  readonly stoppedMs: number;
  readonly runningMs: number;
}

/** Statements of PostgreSQL's superuser, and those that take them back; both bear being done twice. */
export interface StatementStep {
  readonly kind: 'statement';
  readonly database: string;
  readonly apply: string;
  readonly undo: string;
}

/** A transaction of PostgreSQL's superuser that is left open; it ends with whoever drills. */
export interface TransactionStep {
  readonly kind: 'transaction';
  readonly database: string;
  readonly statement: string;
}

/** A principal of Kafka that may not write to a topic, whatever else it may. */
export interface DenialStep {
  readonly kind: 'denial';
  readonly principal: string;
  readonly topic: string;
}

/** An index of Elasticsearch that may be read and not written, as where its disk is full. */
export interface WriteBlockStep {
  readonly kind: 'write-block';
  /** Who has the index, and its user. */
  readonly service: string;
  readonly user: string;
  readonly index: string;
}

/** A certificate of a process that has only so long left, while the agent that would renew it hangs. */
export interface CertificateStep {
  readonly kind: 'certificate';
  readonly zone: string;
  readonly process: string;
  readonly identity: IdentitySpec;
  readonly agent: ProcessIdentity;
  readonly leftSeconds: number;
}

/** One change of the running platform as plain data: whoever comes later can take it back. */
export type Step =
  | ProcessStep
  | ZoneStep
  | StutterStep
  | StatementStep
  | TransactionStep
  | DenialStep
  | WriteBlockStep
  | CertificateStep;
