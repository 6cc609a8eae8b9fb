import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { PlatformGraph } from '@meridian/components/model/graph.ts';
import { METRIC_REGISTRY } from '@meridian/language/metrics.ts';

/** Code that runs in no replica, and declarations, which name what they read. */
const OTHERS = /\.test\.ts$|(?:^|\/)(?:testing|simulation|gen|node_modules)\/|(?:^|\/)service\.ts$/;

/** Reads the text of a source by its path. */
export type ReadSource = (file: string) => string;

const readText: ReadSource = (file) => readFileSync(file, 'utf8');

/** How code names a metric. Source: services/kit/telemetry/names.ts */
const NAMED = /\bMETRICS(?:\.|\[')(\w+)|\{([^{}]*)\}\s*=\s*METRICS\b/g;

/** What prom-client's collectDefaultMetrics, which the shared code calls, registers of any process of Node.js. */
const DEFAULTS = /^(?:process|nodejs)_/;

/** What every service shares. */
const KIT = 'kit';

/**
 * The metrics that the code of each service names, the shared code included, by the service's name: a process registers
 * a metric as `METRICS.<key>` (services/kit/telemetry/names.ts) and by no other name. One that is not there is written
 * by nothing.
 */
export function emittedMetrics(
  { services }: PlatformGraph,
  programFolder: string,
  readSource: ReadSource = readText,
): Readonly<Record<string, readonly string[]>> {
  const shared = metricsNamedIn(KIT, programFolder, readSource);
  return Object.fromEntries(
    services.map(({ name }) => [
      name,
      [...new Set([...shared, ...metricsNamedIn(name, programFolder, readSource)])].toSorted(),
    ]),
  );
}

function metricsNamedIn(
  service: string,
  programFolder: string,
  readSource: ReadSource,
): readonly string[] {
  const folder = path.join(programFolder, 'services', service);
  const named = new Set(
    filesBelow(folder)
      .filter((file) => file.endsWith('.ts') && !OTHERS.test(path.relative(folder, file)))
      .flatMap((file) => [...readSource(file).matchAll(NAMED)])
      .flatMap(([, key, keys = '']) => key ?? keys.match(/\w+/g) ?? []),
  );
  return Object.entries(METRIC_REGISTRY)
    .filter(([key, { name }]) => DEFAULTS.test(name) || named.has(key))
    .map(([, { name }]) => name);
}

function filesBelow(folder: string): readonly string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const whole = path.join(folder, entry.name);
    if (!entry.isDirectory()) return [whole];
    return entry.name === 'node_modules' ? [] : filesBelow(whole);
  });
}
