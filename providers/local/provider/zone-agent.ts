import { dirname } from 'node:path';
import { z } from 'zod';
import { AgentClient, currentProgramVersion, removeZone, startAgent } from '../agent-client.ts';
import type { ZoneStatus } from '../agent-client.ts';
import { readIfThere } from '../machine/atomic-file.ts';
import { ZoneFolders } from '../agent/zone/zone-folders.ts';
import { signIntermediate } from '../pki/intermediate.ts';
import { readRoot } from '../pki/root.ts';
import { nameSchema } from '../process-spec.ts';
import { CodedError } from '@meridian/language/coded-error.ts';
import { messageOf } from '@meridian/language/thrown.ts';
import { askAgent, retireForeignAgent } from './running-agent.ts';
import { removeIfEmpty, removeStaleSockets } from './stale-sockets.ts';
import { unlessCancelled } from './cancellation.ts';
import { readinessTimeoutMs } from './process.ts';
import type { Context, Properties, ResourceHandler } from './resource-handler.ts';
import { beginsLater, pkiFolder } from './root-authority.ts';

const DAY_MS = 86_400_000;
/** An intermediate lives as long as its root, at most this long. */
const INTERMEDIATE_LIFETIME_DAYS = 365;
/** A new one is signed when less than this, or a third of its lifetime, is left. */
const INTERMEDIATE_RENEWAL_DAYS = 30;

const inputs = z.strictObject({
  zone: nameSchema,
  network: z
    .cidrv4('must be an IPv4 network, such as 127.0.2.0/24')
    .startsWith('127.', 'must be a loopback network (127.x.x.x)'),
  rootFingerprint: z
    .string()
    .regex(/^[0-9a-f]{64}$/, 'must be the fingerprint of the root authority'),
  leafLifetimeSeconds: z.int().min(60, 'must be 60 to 3600').max(3600, 'must be 60 to 3600'),
  programVersion: z.string(),
  state: z.literal('running', 'is set by the provider'),
});
type ZoneAgentInputs = z.infer<typeof inputs>;
const state = z.looseObject({ zone: z.string() });

/** Manages `ZoneAgent`: the daemon of a zone and its intermediate certificate. */
export const zoneAgentHandler: ResourceHandler<ZoneAgentInputs, z.infer<typeof state>> = {
  inputs,
  state,
  inputKeys: [
    'zone',
    'network',
    'rootFingerprint',
    'leafLifetimeSeconds',
    'programVersion',
    'state',
  ],
  replacedBy: ['zone', 'network'],
  deleteBeforeReplace: true,
  // An agent of older code is started again: the agent is part of the program.
  defaults: () => ({ programVersion: currentProgramVersion() }),
  async create(wanted, context) {
    const existed =
      (await readIfThere(new ZoneFolders(context.folders, wanted.zone).settings)) !== undefined;
    try {
      return { id: wanted.zone, outputs: await run(wanted, context) };
    } catch (thrown) {
      // What an interrupted create left belongs to the user's zone; what this one made does not.
      if (!existed) {
        await removeZone(context.folders, wanted.zone);
      }
      throw thrown;
    }
  },
  async read({ zone }, known, { folders }) {
    const settings = await readIfThere(new ZoneFolders(folders, zone).settings);
    if (settings === undefined) {
      return undefined;
    }
    const status = await askAgent(folders, zone);
    if (status === undefined) {
      return { ...known, state: 'stopped' };
    }
    if (status === 'foreign') {
      return { ...known, programVersion: 'another' };
    }
    return { ...known, ...outputsOf(status), state: stateOf(status) };
  },
  async update({ zone }, wanted, context) {
    const before = await askAgent(context.folders, zone);
    const outputs = await run(wanted, context);
    const client = new AgentClient(context.folders, zone);
    const { pid } = await client.status();
    if (before === 'foreign' || (before !== undefined && before.pid !== pid)) {
      await waitForProcesses(client, context);
    }
    return outputs;
  },
  async delete({ zone }, { folders, status }) {
    status(`stopping the processes of zone ${zone}`);
    await retireForeignAgent(folders, zone);
    await removeZone(folders, zone);
    await removeIfEmpty(dirname(new ZoneFolders(folders, zone).targets));
    await removeStaleSockets(folders);
  },
};

/** Makes the agent run with the wanted settings and hold an intermediate of the wanted root. */
async function run(wanted: ZoneAgentInputs, context: Context): Promise<Properties> {
  const { zone, network, leafLifetimeSeconds, rootFingerprint } = wanted;
  const pki = pkiFolder(context.folders);
  const root = await readRoot(pki);
  if (root?.fingerprint !== rootFingerprint) {
    throw new CodedError(
      'ROOT_MISSING',
      `Zone '${zone}': the root authority in ${pki} is ${root === undefined ? 'missing' : 'another one'}; 'npm start' makes it right`,
    );
  }
  context.status(`starting the agent of zone ${zone}`);
  await retireForeignAgent(context.folders, zone);
  const work = startAgent(context.folders, { zone, network, leafLifetimeSeconds });
  const client = await unlessCancelled(context.signal, `zone ${zone}'s agent started`, work);
  const status = await client.status();
  const { authority } = status;
  if (authority !== undefined && authorityState(status) === 'not-begun') {
    const when = beginsLater(new Date(authority.notBefore));
    context.warn(`The intermediate certificate of zone ${zone} ${when}`);
  }
  if (authorityState(status) !== 'good' || authority?.rootFingerprint !== rootFingerprint) {
    context.status(`signing the intermediate certificate of zone ${zone}`);
    const signed = await signIntermediate(pki, await client.authorityRequest(), {
      lifetimeDays: INTERMEDIATE_LIFETIME_DAYS,
    });
    await client.putAuthority(signed);
  }
  return { ...wanted, ...outputsOf(await client.status()) };
}

function outputsOf(status: ZoneStatus) {
  return {
    network: status.network,
    leafLifetimeSeconds: status.leafLifetimeSeconds,
    programVersion: status.programVersion,
    rootFingerprint: status.authority?.rootFingerprint ?? '',
    intermediateFingerprint: status.authority?.fingerprint ?? '',
  };
}

function stateOf(status: ZoneStatus): string {
  const authority = authorityState(status);
  return authority === 'good' ? 'running' : `authority-${authority}`;
}

function authorityState({ authority }: ZoneStatus): 'missing' | 'not-begun' | 'expiring' | 'good' {
  if (authority === undefined) {
    return 'missing';
  }
  if (Date.parse(authority.notBefore) > Date.now()) {
    return 'not-begun';
  }
  const notAfterMs = Date.parse(authority.notAfter);
  const lifetimeDays = (notAfterMs - Date.parse(authority.notBefore)) / DAY_MS;
  const leftDays = (notAfterMs - Date.now()) / DAY_MS;
  return leftDays < Math.min(INTERMEDIATE_RENEWAL_DAYS, lifetimeDays / 3) ? 'expiring' : 'good';
}

/**
 * After a restart of a living agent: what ran in the zone should run again before the next zone's
 * turn comes. That one does not is a warning: its own resource tells more, and an error here would
 * keep the user from fixing it.
 */
async function waitForProcesses(client: AgentClient, context: Context): Promise<void> {
  const { processes } = await client.status();
  const waits = processes
    .filter(({ runs }) => runs === 'always')
    .map(async ({ name }) => {
      context.status(`waiting for ${name} in zone ${client.zone}`);
      try {
        const work = client.waitUntilReady(name, readinessTimeoutMs());
        await unlessCancelled(context.signal, `${name} became ready`, work);
      } catch (thrown) {
        context.warn(messageOf(thrown));
      }
    });
  await Promise.all(waits);
}
