import path from 'node:path';
import { landed } from '@meridian/components/model/landed.ts';
import type { DeclaredPlatform } from '../../../../infra/declared-file.ts';
import { declaredPlatform } from '../../../../infra/declared-file.ts';
import { declared, platform } from '../../../../infra/platform-graph.ts';
import { localSettings } from '../../../../stacks/local.ts';

/** What this program declares for the stack local. */
export async function declaredNow(): Promise<DeclaredPlatform> {
  const settings = localSettings({});
  const programFolder = path.resolve(import.meta.dirname, '../../../..');
  const graph = landed(platform(settings));
  return await declaredPlatform({ graph, declared, settings, stack: 'local', programFolder });
}
