import { EDGE_ADDRESS } from '@meridian/components/local/addresses.ts';
import type { LocalStack } from '@meridian/components/local/lower-local.ts';
import { CodedError } from '@meridian/language/coded-error.ts';
import {
  describeHolder,
  findPortHolder,
  tryListen,
} from '@meridian/provider-local/machine/port-holder.ts';
import type { Listen } from '@meridian/provider-local/machine/port-holder.ts';
import { parentOf } from '@meridian/provider-local/machine/process-table.ts';
import type { Folders } from '@meridian/provider-local/folders.ts';
import type { ProcessSpec } from '@meridian/provider-local/process-spec.ts';
import { isSystemError } from '@meridian/language/thrown.ts';
import { livingAgents } from './living-agents.ts';

/** A port that a process of the platform wants. */
interface WantedPort extends Listen {
  readonly process: string;
}

/**
 * Makes sure that every port of the stack is free, or held by what runs of it already.
 *
 * @throws {CodedError} PORT_TAKEN with every port that is not, who has it and the setting that moves it
 */
export async function refuseTakenPorts(folders: Folders, stack: LocalStack): Promise<void> {
  const taken = await Promise.all(
    wantedPorts(stack).map(async (port) => {
      const failure = await tryListen(port.address, port.port);
      // What else there may be the agent says, with the process in its hand.
      return isSystemError(failure, 'EADDRINUSE') ? [port] : [];
    }),
  );
  const agents = new Set(livingAgents(folders).map(({ pid }) => pid));
  const problems = taken.flat().flatMap(({ process, name, address, port }) => {
    const holder = findPortHolder(address, port);
    if (holder?.pid !== undefined && isBelow(agents, holder.pid)) return [];
    const setting = isEdge(stack, address, port) ? 'edgePort' : 'portBase';
    return [
      `Port ${address}:${port}, '${name}' of process '${process}': is taken by ${describeHolder(holder)}; stop that, or choose another with: npm start -- -c ${setting}=…`,
    ];
  });
  if (problems.length === 0) return;
  throw new CodedError('PORT_TAKEN', problems.join('\n'), { problems });
}

/** Whether a port is the one for users, which has a setting of its own. */
function isEdge(stack: LocalStack, address: string, port: number): boolean {
  return address === EDGE_ADDRESS && String(port) === new URL(stack.edge.url).port;
}

/** Every port of a lowered stack, whatever noun it is of. */
export function wantedPorts(lowered: unknown): readonly WantedPort[] {
  if (typeof lowered !== 'object' || lowered === null) return [];
  if (isProcess(lowered)) {
    return lowered.listens.map((listen) => ({ process: lowered.name, ...listen }));
  }
  return Object.values(lowered).flatMap(wantedPorts);
}

function isProcess(value: object): value is Pick<ProcessSpec, 'name' | 'listens'> {
  return 'listens' in value && Array.isArray(value.listens) && 'name' in value;
}

/** Whether one of these processes has started a process, or what has started it. */
function isBelow(ancestors: ReadonlySet<number>, pid: number): boolean {
  const parent = parentOf(pid);
  return parent !== undefined && (ancestors.has(parent) || isBelow(ancestors, parent));
}
