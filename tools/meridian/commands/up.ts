import { rm } from 'node:fs/promises';
import path from 'node:path';
import { CodedError } from '@meridian/language/coded-error.ts';
import { readIfThere } from '@meridian/provider-local/machine/atomic-file.ts';
import { healthTable, isHealthy, summarise } from '../health.ts';
import { changesOf, describeChanges } from '../last-changes.ts';
import { edgeAddress, type EdgeOutputs } from '../outputs.ts';
import { printJson } from '../output/print-json.ts';
import { localStack } from '../places.ts';
import { parseEvents } from '../rehearsal/engine-events.ts';
import { withSession } from '../session.ts';
import type { Settings } from '../stack-config.ts';
import { zoneStatuses } from '../zones.ts';

/** Options of `npm start`. */
export interface UpOptions {
  readonly json?: boolean;
  readonly config?: Settings;
}

/** Brings the platform up, or to what the program now says, by `pulumi up`. */
export async function up(options: UpOptions): Promise<number> {
  const startedAt = Date.now();
  const quiet = options.json === true;
  return await withSession(
    "'npm start'",
    { quiet, given: { settings: options.config ?? {} }, starts: true },
    async ({ stack, folders }) => {
      await stack.clearPendingOperations();
      const eventLog = path.join(folders.state, 'events.jsonl');
      const { exitCode, interrupted } = await stack.interactive(
        ['up', '--yes', '--skip-preview', '--refresh', '--suppress-outputs'],
        { quiet, eventLog },
      );
      if (exitCode !== 0 && interrupted) throw new DOMException('Ctrl-C', 'AbortError');
      if (exitCode !== 0) {
        throw new CodedError(
          'UP_FAILED',
          `Stack '${localStack}': pulumi up ended with exit code ${exitCode}; what was done is kept, and the next 'npm start' goes on from there ('npm run status' shows what runs, 'npm run logs -- <service>' why).`,
        );
      }
      const [outputs, zones] = await Promise.all([
        stack.outputs() as Promise<EdgeOutputs>,
        zoneStatuses(folders),
      ]);
      const changes = changesOf(parseEvents((await readIfThere(eventLog)) ?? ''));
      await rm(eventLog, { force: true });
      const health = summarise(zones);
      const elapsedSeconds = Math.round((Date.now() - startedAt) / 100) / 10;
      const edge = edgeAddress(outputs, folders);
      if (quiet) {
        const { operations, startedAgain } = changes;
        const told = { changes: operations, startedAgain, elapsedSeconds, edge, health };
        printJson<'up'>(told);
      } else {
        print(`\n${healthTable(health)}\n`);
        print(describeChanges(changes));
        print(`Up in ${elapsedSeconds} s. It stays up until 'npm stop'. Try:\n\n  ${edge.curl}\n`);
      }
      return isHealthy(health) ? 0 : 1;
    },
  );
}

function print(text: string): void {
  process.stdout.write(`${text}\n`);
}
