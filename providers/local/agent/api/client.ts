import { setTimeout as delay } from 'node:timers/promises';
import { z } from 'zod';
import {
  authorityStatusSchema,
  processStatusSchema,
  runEventSchema,
  zoneStatusSchema,
} from './status.ts';
import type { AuthorityStatus, ProcessStatus, RunEvent, ZoneStatus } from './status.ts';
import type { AgentSettingsInput } from '../start/agent-settings.ts';
import { isSameProcess } from '../../machine/process-table.ts';
import { notReady } from './not-ready.ts';
import type { ProcessIdentity } from '../../machine/process-table.ts';
import { openStream, requestJson } from './socket-request.ts';
import { ZoneFolders } from '../zone/zone-folders.ts';
import { lockHolder } from '../zone/zone-lock.ts';
import type { Folders } from '../../folders.ts';
import { processSpecSchema } from '../../process-spec.ts';
import type { ProcessSpec } from '../../process-spec.ts';
import { CodedError } from '@meridian/language/coded-error.ts';

const POLL_MS = 100;
/** Lines of the log that an error shows. */
const SHOWN_LOG_LINES = 15;

/**
 * The typed client of one zone's agent. Every method throws a `CodedError`: AGENT_NOT_RUNNING when
 * nobody answers on the socket, otherwise the code that the agent gave.
 */
export class AgentClient {
  readonly zone: string;
  readonly #folders: ZoneFolders;

  constructor(folders: Folders, zone: string) {
    this.zone = zone;
    this.#folders = new ZoneFolders(folders, zone);
  }

  status(): Promise<ZoneStatus> {
    return this.#request('GET', '/status', zoneStatusSchema);
  }

  /**
   * Undefined instead of AGENT_NOT_RUNNING.
   *
   * @param timeoutMs an agent that hangs does not answer at all
   */
  async statusIfRunning(timeoutMs?: number): Promise<ZoneStatus | undefined> {
    const target = { ...this.#target('GET', '/status'), timeoutMs };
    return undefinedFor('AGENT_NOT_RUNNING', requestJson(target, zoneStatusSchema));
  }

  /** Changes the policy of a running agent; its network is fixed while it runs. */
  putSettings(settings: AgentSettingsInput): Promise<ZoneStatus> {
    return this.#request('PUT', '/settings', zoneStatusSchema, settings);
  }

  /** The agent's certificate signing request (PKCS#10, PEM); its key never leaves its folder. */
  async authorityRequest(): Promise<string> {
    const answer = await this.#request(
      'GET',
      '/authority/request',
      z.object({ request: z.string() }),
    );
    return answer.request;
  }

  /** Gives the agent its signed intermediate and the root (PEM); it issues all leaves again. */
  putAuthority(authority: {
    readonly certificate: string;
    readonly root: string;
  }): Promise<AuthorityStatus> {
    return this.#request('PUT', '/authority', authorityStatusSchema, authority);
  }

  /** Issues every certificate of the zone again, due or not; returns what went wrong, by process. */
  async renewCertificates(): Promise<readonly string[]> {
    const answer = await this.#request(
      'POST',
      '/renew',
      z.object({ problems: z.array(z.string()) }),
    );
    return answer.problems;
  }

  /**
   * Makes the process be as the spec says and returns without waiting for readiness. The same spec
   * again starts a process that is stopped or crash-looping afresh, else does nothing.
   */
  putProcess(spec: ProcessSpec): Promise<ProcessStatus> {
    return this.#request('PUT', `/processes/${spec.name}`, processStatusSchema, spec);
  }

  /** Undefined when the agent holds no such process. */
  async getProcess(name: string): Promise<ProcessStatus | undefined> {
    return undefinedFor(
      'PROCESS_UNKNOWN',
      this.#request('GET', `/processes/${name}`, processStatusSchema),
    );
  }

  /** What the agent was told of a process. @throws {CodedError} PROCESS_UNKNOWN */
  spec(name: string): Promise<ProcessSpec> {
    return this.#request('GET', `/processes/${name}/spec`, processSpecSchema);
  }

  /** Stops the process, then removes its folder, and its data if its spec says `data`. */
  async deleteProcess(name: string): Promise<void> {
    await this.#request('DELETE', `/processes/${name}`, z.object({}));
  }

  /** The last lines of the process's log, oldest first. */
  async log(name: string, lines: number): Promise<readonly string[]> {
    const path = `/processes/${name}/log?lines=${lines}`;
    return (await this.#request('GET', path, z.object({ lines: z.array(z.string()) }))).lines;
  }

  /**
   * Waits until the process is ready (a task: until it is idle).
   * @throws {CodedError} PROCESS_NOT_READY with the last lines of the log, when `timeoutMs` has
   * passed or as soon as the process is crash-looping or cannot be started
   */
  async waitUntilReady(name: string, timeoutMs: number): Promise<ProcessStatus> {
    const deadline = Date.now() + timeoutMs;
    for (;;) {
      const status = await this.#request('GET', `/processes/${name}`, processStatusSchema);
      if (status.state === 'ready' || status.state === 'idle') {
        return status;
      }
      if (status.state === 'crash-looping' || status.problem !== undefined) {
        throw await this.#notReady(status, 'fails');
      }
      if (Date.now() >= deadline) {
        throw await this.#notReady(status, `is not ready after ${timeoutMs / 1000} s`);
      }
      await delay(POLL_MS);
    }
  }

  /**
   * Runs a task, with `more` arguments behind those of its spec, and yields its output as it comes;
   * the last event carries the exit code.
   */
  async *run(
    name: string,
    more: readonly string[] = [],
  ): AsyncGenerator<RunEvent, void, undefined> {
    const query = new URLSearchParams(
      more.map((argument): [string, string] => ['argument', argument]),
    );
    const path = `/processes/${name}/run?${query.toString()}`;
    for await (const line of openStream(this.#target('POST', path))) {
      yield runEventSchema.parse(JSON.parse(line));
    }
  }

  /**
   * Stops every process of the zone, those with data last, then the agent; returns when it is gone. Forced,
   * the processes are killed, also when a stop is under way already.
   */
  async stop(options: { readonly force: boolean } = { force: false }): Promise<void> {
    // Not by its status: an agent of other code must be stoppable too.
    const agent = lockHolder(this.#folders.lock);
    try {
      await this.#request('POST', `/stop?force=${options.force}`, z.object({}));
    } catch (thrown) {
      // One that ended by itself meanwhile is where it should be.
      const isGone = agent !== undefined && !isSameProcess(agent);
      if (!(isGone && thrown instanceof CodedError && thrown.code === 'AGENT_NOT_RUNNING')) {
        throw thrown;
      }
    }
    if (agent !== undefined) await this.waitUntilGone(agent);
  }

  /** Waits for the end of an agent that is stopping. */
  async waitUntilGone({ pid, startTime }: ProcessIdentity): Promise<void> {
    while (isSameProcess({ pid, startTime })) {
      await delay(POLL_MS);
    }
  }

  #request<T>(method: string, path: string, schema: z.ZodType<T>, body?: unknown): Promise<T> {
    return requestJson(this.#target(method, path), schema, body);
  }

  #target(method: string, path: string) {
    return { zone: this.zone, socket: this.#folders.socket, method, path };
  }

  async #notReady(status: ProcessStatus, what: string): Promise<CodedError> {
    const lines = await this.log(status.name, SHOWN_LOG_LINES);
    const folders = this.#folders.placeholders(status.name);
    return notReady({ status, zone: this.zone, what, folders, lines });
  }
}

async function undefinedFor<T>(code: string, answer: Promise<T>): Promise<T | undefined> {
  try {
    return await answer;
  } catch (thrown) {
    if (thrown instanceof CodedError && thrown.code === code) {
      return undefined;
    }
    throw thrown;
  }
}
