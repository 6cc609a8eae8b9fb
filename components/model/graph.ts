import type { Actor } from '@meridian/language/service-configuration.ts';
import type { ExternalParameter, ExternalSecret } from '@meridian/language/bindings.ts';
import type { Signature } from '@meridian/language/process-folder.ts';
import type { AlertNode } from './alert.ts';
import type { MethodKind } from './contract.ts';
import type { HttpRoute } from './http-route.ts';
import type { ObjectivesNode } from './objectives.ts';
import type { Exposure } from './service.ts';
import type { Limits, RateLimits, Scale } from './sizing.ts';
import type { Store } from './store.ts';
import type { TaskInput } from './task.ts';

/** A zone: a part of the platform that fails as a whole, with a network of its own. */
export interface ZoneNode {
  readonly name: string;
  /** IPv4 network in CIDR notation. */
  readonly network: string;
}

/** A method of a service's contract. */
export interface MethodNode {
  /** Its name in the contract, such as 'ListProducts'. */
  readonly name: string;
  /** Its path on the wire. */
  readonly path: string;
  readonly kind: MethodKind;
  /** How the edge exposes it to users; empty for an internal method. */
  readonly routes: readonly HttpRoute[];
  /** How the edge exposes it to systems outside the platform, which send webhooks; else empty. */
  readonly webhooks: readonly HttpRoute[];
  /** Who may act through it. */
  readonly actors: readonly Actor[];
  /** Roles of which a user needs one; empty where every user will do. */
  readonly roles: readonly string[];
}

/** A service without its code: everything that a landing, a report or a proof needs. */
export interface ServiceNode {
  readonly name: string;
  readonly summary: string;
  /** Who is on call for it. */
  readonly owner: string;
  /** Its own place among addresses. */
  readonly slot: number;
  /** Full protobuf name of its contract, or null for an edge service without one. */
  readonly contract: string | null;
  readonly methods: readonly MethodNode[];
  readonly exposure: Exposure;
  readonly scale: Scale;
  readonly limits: Limits;
  /** By class of callers; empty but for the edge service. */
  readonly rateLimits: RateLimits;
  readonly objectives: ObjectivesNode;
  readonly alerts: readonly AlertNode[];
  readonly stores: readonly Store[];
  readonly signs: readonly Signature[];
  readonly implemented: boolean;
}

/** A program that is run on demand. */
export interface TaskNode {
  readonly name: string;
  readonly summary: string;
  readonly entry: string;
  /** In the order of its arguments. */
  readonly inputs: readonly TaskInput[];
}

/** Who calls whom. */
export interface CallEdge {
  /** A service or a task. */
  readonly from: string;
  readonly to: string;
  /** Paths on the wire. */
  readonly methods: readonly string[];
}

/** A topic, with the services at both ends. */
export interface TopicNode {
  readonly name: string;
  readonly key: string;
  readonly partitions: number;
  readonly replication: number;
  readonly retentionDays: number;
  readonly publishers: readonly string[];
  readonly consumers: readonly string[];
}

/** A system outside the platform. */
export interface ExternalNode {
  readonly name: string;
  readonly summary: string;
  readonly secrets: readonly ExternalSecret[];
  /** What of it is ours, such as a bucket of an object store. */
  readonly parameters: readonly ExternalParameter[];
  /** What stands in for it where there is none of it. */
  readonly standIn: { readonly entry: string; readonly slot: number };
  /** The services that talk to it. */
  readonly users: readonly string[];
}

/** Callers by the full path of the method; a method that nobody may call has an empty list. */
export type AllowList = Readonly<Record<string, readonly string[]>>;

/**
 * Entry methods by the path of the method and the name of its caller: only a request that came in
 * by one of them can have led to that call.
 */
export type EntryPaths = Readonly<Record<string, Readonly<Record<string, readonly string[]>>>>;

/**
 * The whole platform as plain JSON: lists are sorted by name and keys have one order, so two builds
 * of the same declarations are equal to the byte.
 */
export interface PlatformGraph {
  readonly name: string;
  /** SPIFFE trust domain, such as 'meridian.local'. */
  readonly trustDomain: string;
  /** Namespace of every identity; the platform's name. */
  readonly namespace: string;
  readonly zones: readonly ZoneNode[];
  /**
   * Connections in each pool of a process to a database, so that every declared service fits into
   * PostgreSQL at its most replicas; the same whether it has code yet or not.
   */
  readonly databasePool: number;
  readonly services: readonly ServiceNode[];
  readonly tasks: readonly TaskNode[];
  readonly calls: readonly CallEdge[];
  readonly topics: readonly TopicNode[];
  readonly externals: readonly ExternalNode[];
  /** Allow-lists by the name of the service that enforces them. */
  readonly allow: Readonly<Record<string, AllowList>>;
  /** Entries by the name of the service that enforces them. */
  readonly entries: Readonly<Record<string, EntryPaths>>;
}
