import type { AccessRow, AnswerByObject } from '@meridian/language/access.ts';
import type { RateLimit } from '@meridian/language/rate-limit.ts';
import type { Topic } from '@meridian/language/topic.ts';
import type { AlertDeclaration } from '../alert.ts';
import type { AnyExternal, StandInProps } from '../external.ts';
import type { FreshnessObjective, Objectives, RequestObjectives } from '../objectives.ts';
import type { AnyService } from '../service.ts';
import type { DeclaredScale, Limits } from '../sizing.ts';
import type { AnyTask, TaskInput } from '../task.ts';

/** A value for each member of a type, so that the compiler misses one that is new and refuses one that is gone. */
type EachMember<T> = Readonly<Record<keyof T, true>>;

/** The members that parts of a declaration can have: types are erased before a program runs. */
export interface Declared {
  readonly service: AnyService;
  readonly scale: DeclaredScale;
  readonly limits: Limits;
  readonly rateLimit: RateLimit;
  readonly accessRow: AccessRow;
  readonly accessCell: AnswerByObject;
  readonly objectives: Objectives;
  readonly operation: RequestObjectives;
  readonly freshness: FreshnessObjective;
  readonly alert: AlertDeclaration;
  readonly topic: Topic;
  readonly external: AnyExternal;
  readonly standIn: StandInProps;
  readonly task: AnyTask;
  readonly input: TaskInput;
}

const OPERATION: EachMember<RequestObjectives> = {
  ...{ availabilityPercent: true, latencyP95Ms: true, latencyP99Ms: true },
};

export const MEMBERS: { readonly [Part in keyof Declared]: EachMember<Declared[Part]> } = {
  service: {
    ...{ kind: true, name: true, summary: true, owner: true, slot: true, contract: true },
    ...{ calls: true, publishes: true, consumes: true, stores: true, externals: true, signs: true },
    ...{ exposure: true, internalMethods: true, systemMethods: true, access: true, scale: true },
    ...{ limits: true, rateLimits: true, objectives: true, alerts: true, implemented: true },
  },
  scale: {
    ...{ minReplicas: true, maxReplicas: true, targetCpuPercent: true, targetQueueDepth: true },
    ...{ callsPerSecond: true, cpuMillicores: true, memoryMiB: true, heapMiB: true },
  },
  limits: { concurrency: true, queueDepth: true },
  rateLimit: { requests: true, windowSeconds: true, burst: true },
  accessRow: {
    ...{ anonymous: true, customer: true, merchant: true, support: true, auditor: true },
    provided: true,
  },
  accessCell: { own: true, another: true, absent: true },
  objectives: { ...OPERATION, operations: true, freshness: true },
  operation: OPERATION,
  freshness: { name: true, feels: true, age: true, withinSeconds: true, percent: true },
  alert: {
    ...{ name: true, feels: true, metric: true, above: true, minutes: true, severity: true },
    ...{ runbook: true, needsEvents: true },
  },
  topic: {
    ...{ kind: true, name: true, key: true, events: true, partitions: true, replication: true },
    retentionDays: true,
  },
  external: {
    ...{ kind: true, name: true, summary: true, secrets: true, parameters: true, standIn: true },
  },
  standIn: { entry: true, slot: true },
  task: { kind: true, name: true, summary: true, calls: true, entry: true, inputs: true },
  input: { name: true, as: true },
};
