import { identify } from './process-table.ts';
import type { AgentSettings } from './agent-settings.ts';
import { agentSettingsSchema } from './agent-settings.ts';
import { ensureFolder, writeFileAtomic } from './atomic-file.ts';
import { Authority } from './authority.ts';
import type { Exit, Child } from './child.ts';
import type { Renewal } from './identity-keeper.ts';
import { checkPortsFree } from './port-holder.ts';
import { currentProgramVersion } from './program-version.ts';
import { killLeftovers } from './run-record.ts';
import { SerialQueue } from './serial-queue.ts';
import { parseSpec } from './spec-check.ts';
import { SpecStore } from './spec-store.ts';
import type { AuthorityStatus, ProcessStatus, ZoneStatus } from './status.ts';
import { removeProcess, SupervisedProcess } from './supervised-process.ts';
import type { TaskRun } from './supervised-process.ts';
import type { ZoneFolders } from './zone-folders.ts';
import { messageOf, ProviderError } from '../provider-error.ts';
import { specDigest } from '../process-spec.ts';
import type { ProcessSpec } from '../process-spec.ts';

/** A process with its place in the order of starts. */
interface Member {
  readonly order: number;
  readonly process: SupervisedProcess;
}

/** All that one agent looks after. */
export class Zone {
  readonly #folders: ZoneFolders;
  readonly #authority: Authority;
  readonly #store: SpecStore;
  readonly #members = new Map<string, Member>();
  readonly #queues = new Map<string, SerialQueue>();
  readonly #programVersion = currentProgramVersion();
  readonly #reported = new Map<string, string>();
  #settings: AgentSettings;
  #nextOrder = 1;
  #stopping = false;

  private constructor(folders: ZoneFolders, settings: AgentSettings, authority: Authority) {
    this.#folders = folders;
    this.#settings = settings;
    this.#authority = authority;
    this.#store = new SpecStore(folders.specs);
  }

  /** Opens the zone as the last agent left it: clears up after it and starts every process. */
  static async open(folders: ZoneFolders, settings: AgentSettings): Promise<Zone> {
    await ensureFolder(folders.running);
    await ensureFolder(folders.logs);
    await killLeftovers(folders.running);
    const zone = new Zone(
      folders,
      settings,
      await Authority.open(settings.zone, folders.authority),
    );
    await zone.#load();
    return zone;
  }

  status(): ZoneStatus {
    const authority = this.#authority.status;
    return {
      zone: this.#settings.zone,
      network: this.#settings.network,
      leafLifetimeSeconds: this.#settings.leafLifetimeSeconds,
      pid: process.pid,
      startTime: identify(process.pid)?.startTime ?? '',
      programVersion: this.#programVersion,
      stopping: this.#stopping,
      ...(authority === undefined ? {} : { authority }),
      processes: this.#inOrder().map(({ process: member }) => member.status()),
    };
  }

  /** @throws {ProviderError} SETTINGS_INVALID */
  async putSettings(body: unknown): Promise<ZoneStatus> {
    const parsed = agentSettingsSchema.safeParse(body);
    if (!parsed.success) {
      throw settingsInvalid(
        this.#settings.zone,
        parsed.error.issues.map(({ message }) => message),
      );
    }
    const { zone, network } = this.#settings;
    if (parsed.data.zone !== zone || parsed.data.network !== network) {
      throw settingsInvalid(zone, [`zone and network (${network}) are fixed while the agent runs`]);
    }
    const text = `${JSON.stringify(parsed.data, undefined, 2)}\n`;
    await writeFileAtomic(this.#folders.settings, text);
    this.#settings = parsed.data;
    return this.status();
  }

  authorityRequest(): Promise<string> {
    return this.#authority.request();
  }

  async putAuthority(chain: {
    readonly certificate: string;
    readonly root: string;
  }): Promise<AuthorityStatus> {
    const status = await this.#authority.accept(chain);
    await this.renewAll('due');
    return status;
  }

  /** @throws {ProviderError} PROCESS_UNKNOWN */
  member(name: string): SupervisedProcess {
    const member = this.#members.get(name);
    if (member === undefined) {
      throw new ProviderError(
        'PROCESS_UNKNOWN',
        `Process '${name}': zone '${this.#settings.zone}' has no such process`,
      );
    }
    return member.process;
  }

  /**
   * Makes a process be as its spec says, without waiting for readiness.
   * @throws {ProviderError} SPEC_INVALID, PORT_TAKEN, ADDRESS_UNUSABLE, AUTHORITY_MISSING,
   * ZONE_STOPPING; then nothing has changed
   */
  put(name: string, body: unknown): Promise<ProcessStatus> {
    const spec = parseSpec(name, this.#settings.network, body);
    return this.#queue(name).run(async () => {
      this.#refuseWhenStopping();
      this.#checkConflicts(spec);
      if (spec.identities.length > 0) {
        this.#authority.requireUsable();
      }
      const existing = this.#members.get(name);
      if (existing === undefined) {
        await checkPortsFree(name, spec.listens);
        await this.#add(spec);
      } else {
        await this.#change(existing, spec);
      }
      return this.member(name).status();
    });
  }

  /** Stops a process and removes what was kept of it; one that is not there is fine. */
  delete(name: string): Promise<void> {
    return this.#queue(name).run(async () => {
      const existing = this.#members.get(name);
      if (existing !== undefined) {
        await this.#store.beginDelete(name);
        await existing.process.stop();
        await existing.process.remove();
        await this.#store.finishDelete(name);
        this.#members.delete(name);
      }
    });
  }

  /** @throws {ProviderError} PROCESS_UNKNOWN, NOT_A_TASK, TASK_RUNNING, ZONE_STOPPING, PORT_TAKEN, … */
  async runTask(
    name: string,
    run: TaskRun,
    output: (child: Child) => Promise<void>,
  ): Promise<Exit> {
    this.#refuseWhenStopping();
    const task = this.member(name);
    if (task.spec.runs !== 'on-demand') {
      throw new ProviderError(
        'NOT_A_TASK',
        `Process '${name}': it runs always and cannot be run on demand`,
      );
    }
    return task.runTask(run, output);
  }

  /**
   * Renews certificates; a process that is slow to hear of it delays no other.
   * @returns what went wrong, by process; it is tried again at the next look
   */
  async renewAll(which: Renewal): Promise<readonly string[]> {
    const problems = await Promise.all(
      [...this.#members].map(async ([name, { process: member }]) => {
        try {
          await member.renew(which);
          this.#reported.delete(name);
          return [];
        } catch (thrown) {
          const message = messageOf(thrown);
          this.#reportOnce(name, message);
          return [message];
        }
      }),
    );
    return problems.flat();
  }

  /** Stops all processes, the last started first; once forced, at once. */
  async stop(options: { readonly force: boolean }): Promise<void> {
    this.#stopping = true;
    const members = this.#inOrder().reverse();
    if (options.force) {
      await Promise.all(members.map(({ process: member }) => member.stop({ force: true })));
      return;
    }
    for (const { process: member } of members) {
      await this.#queue(member.spec.name).run(() => member.stop());
    }
  }

  async #load(): Promise<void> {
    const { specs, deleting, unreadable } = await this.#store.load();
    for (const problem of unreadable) {
      console.error(`spec left alone, it cannot be read: ${problem}`);
    }
    for (const name of deleting) {
      const spec = await this.#store.readDeleting(name);
      if (spec !== undefined) {
        await removeProcess(this.#host(), spec);
      }
      await this.#store.finishDelete(name);
    }
    for (const { order, spec } of specs) {
      const member = { order, process: new SupervisedProcess(this.#host(), spec) };
      this.#members.set(spec.name, member);
      this.#nextOrder = order + 1;
      member.process.start();
    }
  }

  async #add(spec: ProcessSpec): Promise<void> {
    const order = this.#nextOrder;
    this.#nextOrder += 1;
    await this.#store.save({ order, spec });
    const member = { order, process: new SupervisedProcess(this.#host(), spec) };
    this.#members.set(spec.name, member);
    this.#startUnlessStopping(member.process);
  }

  async #change({ order, process: member }: Member, spec: ProcessSpec): Promise<void> {
    const save = () => this.#store.save({ order, spec });
    const same = specDigest(spec) === specDigest(member.spec);
    if (member.canTakeUp(spec) && !member.needsFreshStart) {
      await (same ? Promise.resolve() : member.adopt(spec, save));
      return;
    }
    const own = member.isUp ? member.spec.listens : [];
    await checkPortsFree(
      spec.name,
      spec.listens.filter(
        (wanted) => !own.some((has) => has.address === wanted.address && has.port === wanted.port),
      ),
    );
    await member.stop();
    await member.adopt(spec, save);
    this.#startUnlessStopping(member);
  }

  #startUnlessStopping(member: SupervisedProcess): void {
    if (!this.#stopping) {
      member.start();
    }
  }

  /** Two processes of the zone must not want the same port, whichever starts first. */
  #checkConflicts(spec: ProcessSpec): void {
    for (const { process: other } of this.#members.values()) {
      for (const listen of other.spec.name === spec.name ? [] : other.spec.listens) {
        const clash = spec.listens.find(
          ({ address, port }) => address === listen.address && port === listen.port,
        );
        if (clash !== undefined) {
          throw new ProviderError(
            'PORT_TAKEN',
            `Process '${spec.name}': its port '${clash.name}' ${clash.address}:${clash.port} is that of process '${other.spec.name}' in the same zone`,
          );
        }
      }
    }
  }

  #refuseWhenStopping(): void {
    if (this.#stopping) {
      throw new ProviderError(
        'ZONE_STOPPING',
        `Zone '${this.#settings.zone}': its agent is stopping; 'npm start' starts it again`,
      );
    }
  }

  #host() {
    return {
      folders: this.#folders,
      authority: this.#authority,
      settings: () => this.#settings,
    };
  }

  #queue(name: string): SerialQueue {
    const queue = this.#queues.get(name) ?? new SerialQueue();
    this.#queues.set(name, queue);
    return queue;
  }

  #inOrder(): Member[] {
    return [...this.#members.values()].sort((left, right) => left.order - right.order);
  }

  #reportOnce(name: string, message: string): void {
    if (this.#reported.get(name) !== message) {
      this.#reported.set(name, message);
      console.error(`${new Date().toISOString()} certificates of '${name}': ${message}`);
    }
  }
}

function settingsInvalid(zone: string, problems: readonly string[]): ProviderError {
  return new ProviderError(
    'SETTINGS_INVALID',
    `Zone '${zone}': its agent's settings are not valid: ${problems.join('; ')}`,
  );
}
