import { AgentClient, startAgent } from '@meridian/provider-local/agent-client.ts';
import { killProcess } from '@meridian/provider-local/machine/process-table.ts';
import type { StepKind } from './step-kind.ts';

/** A zone ends with its agent, as a machine without power; it begins with all that its agent was told. */
export const zoneStep: StepKind<'zone'> = {
  async apply({ settings }, folders) {
    const agent = new AgentClient(folders, settings.zone);
    const identity = await agent.status();
    killProcess(identity);
    await agent.waitUntilGone(identity);
    return undefined;
  },
  async undo({ settings }, folders) {
    await startAgent(folders, settings);
  },
};
