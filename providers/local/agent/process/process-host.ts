import type { AgentSettings } from '../start/agent-settings.ts';
import type { Authority } from '../identities/authority.ts';
import type { ZoneFolders } from '../zone/zone-folders.ts';

/** What a process needs of the agent around it. */
export interface ProcessHost {
  readonly folders: ZoneFolders;
  readonly authority: Authority;
  /** As they are now: some change while the agent runs. */
  readonly settings: () => AgentSettings;
}
