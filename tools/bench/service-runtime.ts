import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { CodedError } from '@meridian/language/coded-error.ts';
import { startRuntime } from '@meridian/kit/runtime.ts';
import type { Runtime } from '@meridian/kit/runtime.ts';
import { createLogger } from '@meridian/kit/telemetry/logger.ts';
import { placeholdersOf } from '@meridian/provider-local/folders.ts';
import type { Folders } from '@meridian/provider-local/folders.ts';
import { serviceOf } from '../meridian/health.ts';
import type { KnownZone } from '../meridian/zones.ts';

/**
 * The runtime of a replica that runs, of a service: its bindings, certificates and limits, in this process.
 * It serves nothing and leaves at once.
 *
 * @throws {CodedError} PLATFORM_NOT_RUNNING
 */
export async function startServiceRuntime(
  service: string,
  folders: Folders,
  zones: readonly KnownZone[],
): Promise<Runtime> {
  const [workingFolder] = zones.flatMap(({ zone, status }) =>
    (status?.processes ?? [])
      .filter(({ name, pid }) => serviceOf(name, zone) === service && pid !== undefined)
      .map(({ name }) => placeholdersOf(folders, zone, name).self),
  );
  if (workingFolder === undefined) {
    throw new CodedError(
      'PLATFORM_NOT_RUNNING',
      `Benchmark: a replica of '${service}' must run, got none; bring the platform up with 'npm start' first.`,
    );
  }
  const file = path.join(workingFolder, 'config/service.json');
  const given = JSON.parse(readFileSync(file, 'utf8')) as Readonly<Record<string, unknown>>;
  const folder = mkdtempSync(path.join(tmpdir(), 'meridian-bench-'));
  try {
    const own = path.join(folder, 'service.json');
    const changes = { ops: undefined, metrics: undefined, drain: { noticeMs: 0, graceMs: 0 } };
    writeFileSync(own, JSON.stringify({ ...given, ...changes, logLevel: 'error' }));
    return await startRuntime({
      workingFolder,
      environment: { SERVICE_BINDING_ROOT: 'bindings', MERIDIAN_SERVICE_FILE: own },
      logger: (configuration) => createLogger(configuration, process.stderr),
    });
  } finally {
    rmSync(folder, { recursive: true });
  }
}
