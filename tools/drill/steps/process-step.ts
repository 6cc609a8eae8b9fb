import { AgentClient } from '@meridian/provider-local/agent-client.ts';
import { specDigest } from '@meridian/provider-local/process-spec.ts';
import type { ProcessSpec } from '@meridian/provider-local/process-spec.ts';
import type { Folders } from '@meridian/provider-local/folders.ts';
import type { StepKind } from './step-kind.ts';

/** The agent is given another spec; back again only what is still as it was changed. */
export const processStep: StepKind<'process'> = {
  async apply({ zone, changed }, folders) {
    await new AgentClient(folders, zone).putProcess(changed);
    return undefined;
  },
  async undo({ zone, original, changed }, folders) {
    const agent = new AgentClient(folders, zone);
    const now = await specOf(folders, zone, changed.name);
    if (now !== undefined && specDigest(now) === specDigest(changed)) {
      await agent.putProcess(original);
    }
  },
};

/** Undefined where the agent has ended or holds no such process: whoever starts it says what it is. */
async function specOf(
  folders: Folders,
  zone: string,
  name: string,
): Promise<ProcessSpec | undefined> {
  const agent = new AgentClient(folders, zone);
  const status = await agent.statusIfRunning();
  const isThere = status?.processes.some((process) => process.name === name) === true;
  return isThere ? await agent.spec(name) : undefined;
}
