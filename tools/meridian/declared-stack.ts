import type { LocalSettings } from '@meridian/components/local/local-settings.ts';
import type { PlatformGraph } from '@meridian/components/model/graph.ts';
import { landed, type LandedGraph } from '@meridian/components/model/landed.ts';
import { platform } from '../../infra/platform-graph.ts';
import { stackSettings } from '../../stacks/stacks.ts';
import { localStack } from './places.ts';
import { withoutPrefix, type Settings } from './stack-config.ts';

/** The local stack as its declarations and its settings make it, before it is lowered. */
export interface DeclaredStack {
  readonly settings: LocalSettings;
  /** With what has no code yet. */
  readonly declared: PlatformGraph;
  /** What lands. */
  readonly graph: LandedGraph;
}

/**
 * Reads the declarations and holds the settings against them. Loaded only where it is used: it brings every
 * declaration along.
 *
 * @throws {CodedError} SETTINGS_INVALID, GRAPH_INVALID
 */
export async function declaredStack(given: Settings): Promise<DeclaredStack> {
  const settings = await stackSettings(localStack, withoutPrefix(given));
  if (settings.landing !== 'local') throw new Error(`Stack '${localStack}' is not on this machine`);
  const declared = platform(settings);
  return { settings, declared, graph: landed(declared) };
}
