import { PlatformError } from '@meridian/components/model/platform-error.ts';
import { healthTable, isHealthy, summarise } from '../health.ts';
import { edgeAddress, type EdgeOutputs } from '../outputs.ts';
import { localStack } from '../places.ts';
import { withSession } from '../session.ts';
import type { Settings } from '../stack-config.ts';
import type { Stack } from '../stack.ts';
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
      const code = await stack.interactive(
        ['up', '--yes', '--skip-preview', '--refresh', '--suppress-outputs'],
        { quiet },
      );
      if (code !== 0) {
        throw new PlatformError(
          'UP_FAILED',
          `Stack '${localStack}': pulumi up ended with exit code ${code}; what was done is kept, and the next 'npm start' goes on from there ('npm run status' shows what runs, 'npm run logs -- <service>' why).`,
        );
      }
      const [changes, outputs, zones] = await Promise.all([
        lastChanges(stack),
        stack.outputs() as Promise<EdgeOutputs>,
        zoneStatuses(folders),
      ]);
      const health = summarise(zones);
      const elapsedSeconds = Math.round((Date.now() - startedAt) / 100) / 10;
      const edge = edgeAddress(outputs, folders);
      if (quiet) {
        print(JSON.stringify({ changes, elapsedSeconds, edge, health }, undefined, 2));
      } else {
        print(`\n${healthTable(health)}\n`);
        print(describeChanges(changes));
        print(`Up in ${elapsedSeconds} s. It stays up until 'npm stop'. Try:\n\n  ${edge.curl}\n`);
      }
      return isHealthy(health) ? 0 : 1;
    },
  );
}

type Changes = Readonly<Record<string, number>>;

async function lastChanges(stack: Stack): Promise<Changes> {
  const history = JSON.parse(
    await stack.capture(['stack', 'history', '--json', '--page-size', '1', '--stack', localStack]),
  ) as readonly { readonly resourceChanges?: Changes }[];
  return history[0]?.resourceChanges ?? {};
}

function describeChanges(changes: Changes): string {
  const { same = 0, ...others } = changes;
  const parts = Object.entries(others)
    .filter(([, count]) => count > 0)
    .map(([operation, count]) => `${count} ${operation}`);
  return parts.length === 0
    ? `Nothing changed: all ${same} resources are as the program says.`
    : `Changed: ${parts.join(', ')}; unchanged: ${same}.`;
}

function print(text: string): void {
  process.stdout.write(`${text}\n`);
}
