import { get } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import { developedRevision, isDeveloped } from './developed-revision.ts';
import type { DevelopedService } from '@meridian/components/local/lower-development.ts';
import { CodedError } from '@meridian/language/coded-error.ts';
import { messageOf } from '@meridian/language/thrown.ts';
import { AgentClient } from '@meridian/provider-local/agent-client.ts';
import type { ProcessStatus } from '@meridian/provider-local/agent-client.ts';
import type { Folders } from '@meridian/provider-local/folders.ts';
import type { ProcessSpec } from '@meridian/provider-local/process-spec.ts';
import { placeOf, PlatformView, retire, serves } from './platform-view.ts';
import type { HeldProcess } from './platform-view.ts';

/** Code that ends so soon after it took over is taken back. */
const TRIAL_MS = 3_000;
const POLL_MS = 20;
/** How often the agent is asked whether the process has ended. */
const STATUS_POLL_MS = 100;
/** Lines of the log that an error shows. */
const SHOWN_LINES = 25;

/** What a swap needs to know of its surroundings. */
export interface Surroundings {
  readonly folders: Folders;
  /** Held while agents are changed, against a start or another development at the same time. */
  readonly exclusively: <T>(work: () => Promise<T>) => Promise<T>;
  readonly say: (line: string) => void;
  /** Told of a process that has been started, with its log. */
  readonly started: (service: string, process: ProcessSpec, log: string) => void;
  /** Shows what a process has said until now; false where its log is not followed any more. */
  readonly showsLog: (process: ProcessSpec) => boolean;
}

/** How a replica is started. */
export interface SwapOptions {
  /** Gives it up, unless it has taken over already. */
  readonly signal: AbortSignal;
  /** Waited for before it takes over: what it calls comes first. */
  readonly after?: Promise<unknown>;
  /** Arguments of Node.js. */
  readonly nodeFlags?: (process: ProcessSpec) => readonly string[];
}

interface Started {
  readonly agent: AgentClient;
  readonly spec: ProcessSpec;
}

/** How the first seconds of a replica went that has taken over. */
type Verdict = 'lived' | 'ended' | 'superseded';

interface Trial extends Started {
  readonly superseded: AbortController;
  readonly settled: AbortController;
}

/**
 * One service under development: a single replica that stands in for all those of the program, and is
 * swapped for one of newer code without a request that is refused. The new one starts beside the old, on
 * an address of its own; once it is ready, whoever calls the service is told of its address alone; the
 * old one stays until the new one has proven itself.
 */
export class ReplicaSwap {
  readonly #around: Surroundings;
  readonly #service: string;
  readonly #view: PlatformView;
  readonly #work = new Set<Promise<void>>();
  #trial: Trial | undefined;

  constructor(service: string, around: Surroundings) {
    this.#service = service;
    this.#around = around;
    this.#view = new PlatformView(around.folders);
  }

  /**
   * Starts a replica of the code as it is now and lets it take over.
   *
   * @throws {CodedError} DEV_NOT_LOADED with what it said, PORT_TAKEN, …; the old one goes on
   * @throws {DOMException} AbortError when it was given up
   */
  async swap(service: DevelopedService, options: SwapOptions): Promise<ProcessSpec> {
    const { signal } = options;
    const started = await this.#around.exclusively(() => this.#start(service, options));
    try {
      await this.#untilReady(started, signal);
      await options.after;
      signal.throwIfAborted();
    } catch (thrown) {
      await started.agent.deleteProcess(started.spec.name);
      throw thrown;
    }
    await this.#around.exclusively(() => this.#takeOver(service, started));
    return started.spec;
  }

  /** Believes in the newest replica at once, and waits until only that one is left. */
  async settle(): Promise<void> {
    this.#trial?.settled.abort();
    while (this.#work.size > 0) await Promise.all(this.#work);
  }

  async #start(service: DevelopedService, { nodeFlags }: SwapOptions): Promise<Started> {
    const held = await this.#view.look();
    const zones = new Set(held.map(({ zone }) => zone));
    const taken = new Set(held.map(({ spec }) => spec.name));
    const place = service.standIns.find(
      ({ zone, process }) => zones.has(zone) && !taken.has(process.name),
    );
    if (place === undefined) {
      throw new CodedError(
        'DEV_NO_ROOM',
        `Service '${service.name}': must have a free address for one more replica, got none; 'npm start' removes what stands in for the program's own`,
      );
    }
    const { process, zone } = place;
    const [node = '', ...rest] = process.command;
    const spec: ProcessSpec = {
      ...process,
      revision: developedRevision(new Date()),
      command: [node, ...(nodeFlags?.(process) ?? []), ...rest],
      liveFiles: { ...process.liveFiles, ...this.#addressesOf(process, held) },
    };
    const agent = new AgentClient(this.#around.folders, zone);
    const { log } = await agent.putProcess(spec);
    this.#around.started(service.name, spec, log);
    return { agent, spec };
  }

  async #untilReady(started: Started, signal: AbortSignal): Promise<void> {
    const { agent, spec } = started;
    let askAgentAt = performance.now() + STATUS_POLL_MS;
    while (!(await isReady(spec))) {
      signal.throwIfAborted();
      if (performance.now() > askAgentAt) {
        askAgentAt = performance.now() + STATUS_POLL_MS;
        const status = await agent.getProcess(spec.name);
        if (status === undefined || hasEnded(status)) {
          const said = status === undefined ? '' : await this.#unshown(started);
          throw new CodedError(
            'DEV_NOT_LOADED',
            `Service '${this.#service}': the edited code must load and be ready, got ${endOf(status)}; the old goes on${said}`,
          );
        }
      }
      await delay(POLL_MS, undefined, { signal });
    }
  }

  /** The end of its log, for a message; nothing where it has been shown already. */
  async #unshown(process: Started): Promise<string> {
    return this.#around.showsLog(process.spec) ? '' : `:\n${await lastLines(process)}`;
  }

  /** Where the calls of the service go now: what it calls may be under development too. */
  #addressesOf(wanted: ProcessSpec, held: readonly HeldProcess[]): ProcessSpec['liveFiles'] {
    const [now] = held.filter((process) => process.service === this.#service && serves(process));
    const known = Object.entries(now?.spec.liveFiles ?? {});
    return Object.fromEntries(known.filter(([file]) => file in wanted.liveFiles));
  }

  async #takeOver({ addressFile }: DevelopedService, started: Started): Promise<void> {
    const held = await this.#view.look();
    await this.#view.lead(addressFile, [placeOf(started)], held);
    this.#trial?.superseded.abort();
    const trial = {
      ...started,
      superseded: new AbortController(),
      settled: new AbortController(),
    };
    this.#trial = trial;
    this.#inBackground(async () => {
      const verdict = await verdictOn(trial);
      if (this.#trial === trial) this.#trial = undefined;
      await this.#around.exclusively(() => this.#conclude(verdict, started.spec, addressFile));
    });
  }

  async #conclude(verdict: Verdict, { name, revision }: ProcessSpec, file: string): Promise<void> {
    const held = (await this.#view.look()).filter(({ service }) => service === this.#service);
    const judged = held.find(({ spec }) => spec.name === name && spec.revision === revision);
    // A start in between has put the program's own in its place.
    if (judged === undefined) return;
    const older = held.filter(
      (process) => process.status.runs === 'always' && startedBefore(process.spec, judged.spec),
    );
    if (verdict === 'lived') older.forEach((process) => this.#retire(process));
    // There is an older one to fall back on, and a newer one that serves.
    if (verdict === 'superseded') this.#retire(judged);
    if (verdict === 'ended') await this.#takeBack(judged, older.filter(serves), file);
  }

  /** Code that ended within its first seconds: what served before it serves again. */
  async #takeBack(judged: HeldProcess, older: readonly HeldProcess[], file: string): Promise<void> {
    const said = await this.#unshown(judged);
    const ended = `Service '${this.#service}': the edited code ended within seconds with ${endOf(judged.status)}`;
    const newest = older.filter(
      ({ spec }) => !older.some((other) => startedBefore(spec, other.spec)),
    );
    if (newest.length === 0) {
      this.#around.say(`${ended}, and there is nothing to fall back on${said}`);
      return;
    }
    await this.#view.lead(file, newest.map(placeOf), await this.#view.look());
    await judged.agent.deleteProcess(judged.spec.name);
    this.#around.say(`${ended}, and the old serves again${said}`);
  }

  /** Nothing is sent to it any more; its calls in flight finish, and nobody waits for that. */
  #retire(process: HeldProcess): void {
    this.#inBackground(() => retire(process));
  }

  #inBackground(work: () => Promise<void>): void {
    const done = work()
      .catch((thrown: unknown) => {
        this.#around.say(messageOf(thrown));
      })
      .finally(() => this.#work.delete(done));
    this.#work.add(done);
  }
}

/** Those of the program were there before all that stand in, which carry when they began. */
function startedBefore(one: ProcessSpec, other: ProcessSpec): boolean {
  if (!isDeveloped(one) || !isDeveloped(other)) return !isDeveloped(one) && isDeveloped(other);
  return one.revision < other.revision;
}

/** Asked here: the agent asks less often, and a save is waiting. */
function isReady({ readiness }: ProcessSpec): Promise<boolean> {
  if (readiness.kind !== 'http') throw new Error('a service without a readiness address');
  return new Promise((resolve) => {
    const request = get(readiness.url, { agent: false, timeout: 1_000 }, (response) => {
      response.resume();
      resolve(response.statusCode === 200);
    });
    request.once('timeout', () => request.destroy());
    request.once('error', () => resolve(false));
  });
}

async function verdictOn({ agent, spec, superseded, settled }: Trial): Promise<Verdict> {
  const deadline = performance.now() + TRIAL_MS;
  while (performance.now() < deadline && !settled.signal.aborted) {
    if (superseded.signal.aborted) return 'superseded';
    const status = await agent.getProcess(spec.name);
    if (status === undefined || hasEnded(status)) return 'ended';
    await delay(STATUS_POLL_MS);
  }
  return superseded.signal.aborted ? 'superseded' : 'lived';
}

function hasEnded({ lastExit, problem }: ProcessStatus): boolean {
  return lastExit !== undefined || problem !== undefined;
}

/** How a process ended, as the agent tells it. */
function endOf(status: ProcessStatus | undefined): string {
  if (status === undefined) return 'its removal';
  const { lastExit, problem } = status;
  if (problem !== undefined) return `the problem '${problem.message}'`;
  const { signal = null, code = null } = lastExit ?? {};
  return signal === null ? `exit code ${code ?? 'unknown'}` : `signal ${signal}`;
}

async function lastLines({ agent, spec }: Started): Promise<string> {
  const lines = await agent.log(spec.name, SHOWN_LINES);
  // The agent starts it again and again, and each time it says the same.
  const end = lines.findIndex((line) => line.startsWith('-- agent: ended'));
  const first = end === -1 ? lines : lines.slice(0, end);
  return first
    .filter((line) => !line.startsWith('-- agent'))
    .map((line) => `  ${line}`)
    .join('\n');
}
