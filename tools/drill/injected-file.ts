import path from 'node:path';
import type { Folders } from '@meridian/provider-local/folders.ts';

/** Where a drill notes what it changes, before it does. */
export function injectedFile({ state }: Folders): string {
  return path.join(state, 'drill', 'injected.json');
}
