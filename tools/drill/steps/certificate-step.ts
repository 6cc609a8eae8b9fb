import { Authority } from '@meridian/provider-local/agent/identities/authority.ts';
import { IdentityKeeper } from '@meridian/provider-local/agent/identities/identity-keeper.ts';
import { ZoneFolders } from '@meridian/provider-local/agent/zone/zone-folders.ts';
import { placeholdersOf } from '@meridian/provider-local/folders.ts';
import { signalProcess } from '@meridian/provider-local/machine/process-table.ts';
import type { StepKind } from './step-kind.ts';

/**
 * The agent of a zone hangs, as one whose renewals fail, and the certificate of one process is near its end; an agent
 * that goes on sees that it is not the one that it issued, and issues another.
 */
export const certificateStep: StepKind<'certificate'> = {
  async apply({ zone, process, identity, agent, leftSeconds }, folders) {
    signalProcess(agent, 'SIGSTOP');
    const authority = await Authority.open(zone, new ZoneFolders(folders, zone).authority);
    const { self } = placeholdersOf(folders, zone, process);
    await new IdentityKeeper(self, authority, () => leftSeconds).ensure([identity], 'all');
    return undefined;
  },
  undo({ agent }) {
    signalProcess(agent, 'SIGCONT');
    return Promise.resolve();
  },
};
