import { existsSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { z } from 'zod';
import { agentIsRunning, AgentClient } from '../agent-client.ts';
import type { ProcessStatus } from '../agent-client.ts';
import { readIfThere, readUnlessTorn } from '../machine/atomic-file.ts';
import { ZoneFolders } from '../agent/zone/zone-folders.ts';
import type { Folders } from '../folders.ts';
import { NAME_PATTERN, processSpecSchema, specDigest } from '../process-spec.ts';
import type { ProcessSpec } from '../process-spec.ts';
import { CodedError } from '@meridian/language/coded-error.ts';
import { messageOf } from '@meridian/language/thrown.ts';
import { removeIfEmpty } from './stale-sockets.ts';
import { unlessCancelled } from './cancellation.ts';
import { FailedUpdate } from './failed-update.ts';
import { askAgent, retireForeignAgent } from './running-agent.ts';
import type { Context, Properties, ResourceHandler } from './resource-handler.ts';

/** How long a process without a readiness probe may take to start. */
const DEFAULT_READINESS_MS = 30_000;
/** What a first preparation (initdb) may take on a busy machine, on top of the readiness timeout. */
const PREPARATION_MS = 120_000;
const PROGRESS_INTERVAL_MS = 1000;

const inputs = z.strictObject({
  zone: z.string().regex(NAME_PATTERN, 'must be the name of a zone'),
  spec: processSpecSchema,
  rollingGroup: z.string().regex(NAME_PATTERN, 'must be the name of a group').optional(),
  state: z.literal('running', 'is set by the provider'),
});
type ProcessInputs = z.infer<typeof inputs>;
const state = z.looseObject({
  zone: z.string(),
  spec: z.looseObject({ name: z.string(), data: z.boolean() }),
});
/** How an agent keeps a spec; see agent/spec-store.ts. */
const heldSpecSchema = z.looseObject({ spec: processSpecSchema });
type ProcessState = z.infer<typeof state>;

/** Manages `Process`: what the agent of a zone keeps running. */
export const processHandler: ResourceHandler<ProcessInputs, ProcessState> = {
  inputs,
  state,
  inputKeys: ['zone', 'spec', 'rollingGroup', 'state'],
  replacedBy: ['zone'],
  replaces: (key, old, wanted) => key === 'spec' && nameOf(old) !== nameOf(wanted),
  same: (key, old, wanted) =>
    isDeepStrictEqual(old, wanted) || (key === 'spec' && meanSame(old, wanted)),
  // Both would listen on the same addresses, or share a data folder.
  deleteBeforeReplace: true,
  async create(wanted, context) {
    const { zone, spec } = wanted;
    const client = new AgentClient(context.folders, zone);
    const data = new ZoneFolders(context.folders, zone).placeholders(spec.name).data;
    const hadData = existsSync(data);
    try {
      await client.putProcess(spec);
      await waitUntilReady(client, spec, context);
    } catch (thrown) {
      await removeAfterFailure(client, wanted, hadData, context);
      throw thrown;
    }
    return { id: `${zone}/${spec.name}`, outputs: outputsOf(wanted) };
  },
  async read({ zone, spec: { name } }, known, { folders }) {
    const held = await readHeldSpec(folders, zone, name);
    if (held === undefined) {
      return undefined;
    }
    const agent = await askAgent(folders, zone);
    if (agent === 'foreign') {
      // The agent's own resource shows the drift; its update restarts the zone.
      return known;
    }
    const status = agent?.processes.find((process) => process.name === name);
    if (held === 'unreadable') {
      return { ...known, state: 'stopped' };
    }
    // Keep the known text when it means the same: the order of keys is not drift.
    const spec = meanSame(known['spec'], held) ? known['spec'] : held;
    return { ...known, spec, state: stateOf(status) };
  },
  async update({ zone }, wanted, context) {
    const { spec, rollingGroup } = wanted;
    return context.rollouts.inTurn(rollingGroup, spec.name, context, async () => {
      const client = new AgentClient(context.folders, zone);
      await client.putProcess(spec);
      try {
        await waitUntilReady(client, spec, context);
      } catch (thrown) {
        throw new FailedUpdate(`${zone}/${spec.name}`, outputsOf(wanted), reasonOf(thrown), {
          cause: thrown,
        });
      }
      return outputsOf(wanted);
    });
  },
  async delete({ zone, spec }, context) {
    await remove(zone, spec, context);
  },
};

/** How long to wait for readiness, in milliseconds: stopping the old process and preparing included. */
export function readinessTimeoutMs(spec?: ProcessSpec): number {
  if (spec === undefined) {
    return DEFAULT_READINESS_MS;
  }
  const probeMs =
    spec.readiness.kind === 'none' ? DEFAULT_READINESS_MS : spec.readiness.timeoutSeconds * 1000;
  const prepareMs = spec.prepare === undefined ? 0 : PREPARATION_MS;
  return probeMs + prepareMs + spec.stop.graceSeconds * 1000;
}

async function waitUntilReady(
  client: AgentClient,
  spec: ProcessSpec,
  { signal, status }: Context,
): Promise<void> {
  const startMs = Date.now();
  const tell = (): void => {
    const seconds = Math.round((Date.now() - startMs) / 1000);
    status(`waiting for ${spec.name} in zone ${client.zone} to be ready (${seconds} s)`);
  };
  tell();
  const ticker = setInterval(tell, PROGRESS_INTERVAL_MS);
  try {
    const work = client.waitUntilReady(spec.name, readinessTimeoutMs(spec));
    await unlessCancelled(signal, `${spec.name} in zone ${client.zone} became ready`, work);
  } finally {
    clearInterval(ticker);
  }
}

function outputsOf(wanted: ProcessInputs): Properties {
  return {
    ...wanted,
    addresses: Object.fromEntries(
      wanted.spec.listens.map(({ name, address, port }) => [name, `${address}:${port}`]),
    ),
  };
}

/** A restart under way is not drift; giving up is. */
function stateOf(status: ProcessStatus | undefined): string {
  if (status === undefined || status.state === 'stopped') {
    return 'stopped';
  }
  if (status.problem !== undefined) {
    return 'failed';
  }
  return status.state === 'crash-looping' ? 'crash-looping' : 'running';
}

function meanSame(old: unknown, wanted: unknown): boolean {
  const [left, right] = [processSpecSchema.safeParse(old), processSpecSchema.safeParse(wanted)];
  return left.success && right.success && specDigest(left.data) === specDigest(right.data);
}

function nameOf(spec: unknown): unknown {
  return typeof spec === 'object' && spec !== null ? Reflect.get(spec, 'name') : undefined;
}

/** What the agent was told, also while it is dead; undefined when it was told nothing. */
async function readHeldSpec(
  folders: Folders,
  zone: string,
  name: string,
): Promise<ProcessSpec | 'unreadable' | undefined> {
  const file = specFile(folders, zone, name);
  if ((await readIfThere(file)) === undefined) {
    return undefined;
  }
  // It is torn, or an older version wrote it: no agent of this version runs it.
  const held = await readUnlessTorn(file, (text) => heldSpecSchema.parse(JSON.parse(text)));
  return held?.spec ?? 'unreadable';
}

function specFile(folders: Folders, zone: string, name: string): string {
  return join(new ZoneFolders(folders, zone).specs, `${name}.json`);
}

/** A create that fails leaves nothing; but data that lay there before are not its own to remove. */
async function removeAfterFailure(
  client: AgentClient,
  { zone, spec }: ProcessInputs,
  hadData: boolean,
  context: Context,
): Promise<void> {
  try {
    if (hadData && (await client.getProcess(spec.name)) !== undefined) {
      await client.putProcess({ ...spec, runs: 'on-demand', data: false });
    }
    await remove(zone, { name: spec.name, data: spec.data && !hadData }, context);
  } catch (thrown) {
    context.warn(`${spec.name} in zone ${client.zone} is not removed: ${messageOf(thrown)}`);
  }
}

async function remove(
  zone: string,
  { name, data }: { readonly name: string; readonly data: boolean },
  { folders, status }: Context,
): Promise<void> {
  const client = new AgentClient(folders, zone);
  await retireForeignAgent(folders, zone);
  if ((await client.statusIfRunning()) !== undefined) {
    status(`stopping ${name} in zone ${zone}`);
    await client.deleteProcess(name);
  } else if (agentIsRunning(folders, zone)) {
    throw new CodedError(
      'AGENT_NOT_ANSWERING',
      `Process '${name}' in zone ${zone}: its agent runs but does not answer; 'npm stop' ends it, then try again`,
    );
  }
  // With a dead agent nothing of the zone runs: its files are all that there is to remove.
  const zoneFolders = new ZoneFolders(folders, zone);
  const { self, data: dataFolder } = zoneFolders.placeholders(name);
  for (const path of [
    specFile(folders, zone, name),
    join(zoneFolders.specs, `${name}.deleting`),
    zoneFolders.log(name),
    `${zoneFolders.log(name)}.1`,
    zoneFolders.runRecord(name),
    zoneFolders.prepareRecord(name),
    self,
    ...(data ? [dataFolder] : []),
  ]) {
    await rm(path, { recursive: true, force: true });
  }
  await removeIfEmpty(dirname(dataFolder));
}

function reasonOf(thrown: unknown): string {
  return thrown instanceof CodedError ? `${thrown.code}: ${thrown.message}` : messageOf(thrown);
}
