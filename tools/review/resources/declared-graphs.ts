import { isDeepStrictEqual } from 'node:util';
import { declaredConnectionPlan } from '@meridian/components/model/database-connections.ts';
import type { LandedGraph } from '@meridian/components/model/landed.ts';
import {
  identityConfiguration,
  scrapedMetrics,
  servingConfiguration,
} from '@meridian/components/service/service-configuration.ts';
import { fieldsOf, wordOf } from '@meridian/policies/fields.ts';
import type { Fields } from '@meridian/policies/rule.ts';

/** What both revisions say that they declare; what they deploy is held against it. */
export interface DeclaredGraphs {
  readonly base: LandedGraph;
  readonly head: LandedGraph;
}

/** A setting of a service's file on both sides: what stands there, and what follows from what is declared. */
export interface DeclaredSetting {
  readonly was: unknown;
  readonly is: unknown;
  /** By the judge's own derivation; undefined where nothing follows. */
  readonly expectedBefore: unknown;
  readonly expectedAfter: unknown;
}

/** What of a service's file follows from the graph, by the judge's own rules. */
export function expectedSettings(graph: LandedGraph, name: string, settings: Fields): Fields {
  const service = graph.services.find((one) => one.name === name);
  const { version, environment, metrics } = settings;
  const { address, port } = fieldsOf(metrics);
  return plain({
    ...identityConfiguration(graph, name, {
      version: wordOf(version),
      environment: wordOf(environment),
    }),
    // What watches the platform is a process too, and serves nobody.
    ...(service === undefined
      ? {}
      : servingConfiguration(graph, service, declaredConnectionPlan(graph))),
    ...(metrics === undefined
      ? {}
      : { metrics: scrapedMetrics(graph, { address: wordOf(address), port: Number(port) }) }),
  });
}

/** As a file has it: without what is undefined. */
function plain(value: object): Fields {
  return JSON.parse(JSON.stringify(value)) as Fields;
}

/** Whether a setting differs since what is declared does, and only so. */
export function followsFromGraph({
  was,
  is,
  expectedBefore,
  expectedAfter,
}: DeclaredSetting): boolean {
  return (
    !isDeepStrictEqual(was, is) &&
    !isDeepStrictEqual(expectedBefore, expectedAfter) &&
    isDeepStrictEqual(is, expectedAfter)
  );
}

/**
 * Whether the head deploys a setting that is not what it declares, where the base did; or deploys another one although it
 * declares the same.
 */
export function isOtherwiseThanDeclared({
  was,
  is,
  expectedBefore,
  expectedAfter,
}: DeclaredSetting): boolean {
  if (isDeepStrictEqual(is, expectedAfter)) return false;
  const wasDeclared = isDeepStrictEqual(was, expectedBefore);
  const isSameDeclared = isDeepStrictEqual(expectedBefore, expectedAfter);
  return wasDeclared || (isSameDeclared && !isDeepStrictEqual(was, is));
}
