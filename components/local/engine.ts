import type { IdentitySpec } from '@meridian/provider-local/process-spec.ts';
import type { LandedGraph } from '../model/landed.ts';
import type { NounLanding } from '../noun-landing.ts';
import type { Files } from './binding-folder.ts';
import type { LoweringContext } from './lowering.ts';

/** What an engine means on this machine for those who use it; its folder says it, and nobody else. */
export interface EngineOnMachine {
  readonly place: EnginePlace;
  /** What of a graph it cannot make yet, a sentence each. */
  readonly problems: (graph: LandedGraph) => readonly string[];
  /** What a service or task gets that uses it; nothing for one that does not. */
  readonly use: (context: LoweringContext, workload: string) => EngineUse;
}

/** An engine on this machine: how it is made real, and what it means for those who use it. */
export interface LocalEngine<Lowered, Landing>
  extends EngineOnMachine, NounLanding<LoweringContext, Lowered, undefined, Landing> {}

/** Where it listens, apart from every other engine. */
export interface EnginePlace {
  /** Number of its host in the network of a zone; those of replicas begin higher. */
  readonly host: number;
  /** Offsets into the block of ports. */
  readonly ports: readonly number[];
}

/** What a process gets of an engine. */
export interface EngineUse {
  /** Binding folders. */
  readonly files: Files;
  /** Certificates by which the engine knows it. */
  readonly identities: readonly IdentitySpec[];
}

/** Of an engine that a workload does not use. */
export const NO_USE: EngineUse = { files: {}, identities: [] };

/** A client certificate for an engine, which knows its clients by their common name. */
export function engineIdentity(folder: string, commonName: string): IdentitySpec {
  return { folder, uris: [], commonName, dnsNames: [], addresses: [], usages: ['client'] };
}
