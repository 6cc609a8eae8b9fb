import { existsSync } from 'node:fs';
import { identify } from '../../machine/process-table.ts';
import type { AgentSettings } from '../start/agent-settings.ts';
import { agentSettingsSchema } from '../start/agent-settings.ts';
import { ensureFolder, sweepTemporaries, writeFileAtomic } from '../../machine/atomic-file.ts';
import { Authority } from '../identities/authority.ts';
import type { Exit, Child } from '../process/child.ts';
import type { Renewal } from '../identities/identity-keeper.ts';
import { checkPortsFree } from '../../machine/port-holder.ts';
import { currentProgramVersion } from '../start/program-version.ts';
import { killLeftovers } from '../process/run-record.ts';
import { SerialQueue } from './serial-queue.ts';
import { parseSpec } from './spec-check.ts';
import { SpecStore } from './spec-store.ts';
import { stopInOrder } from './stop-order.ts';
import { TargetsFile } from './targets-file.ts';
import type { AuthorityStatus, ProcessStatus, ZoneStatus } from '../api/status.ts';
import { removeProcess, SupervisedProcess } from '../process/supervised-process.ts';
import type { TaskRun } from '../process/supervised-process.ts';
import type { ZoneFolders } from './zone-folders.ts';
import { CodedError } from '@meridian/language/coded-error.ts';
import { messageOf } from '@meridian/language/thrown.ts';
import { specDigest } from '../../process-spec.ts';
import type { ProcessSpec } from '../../process-spec.ts';

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
  readonly #targets: TargetsFile;
  readonly #members = new Map<string, Member>();
  readonly #queues = new Map<string, SerialQueue>();
  readonly #programVersion = currentProgramVersion();
  readonly #reported = new Map<string, string>();
  /** Processes that are being removed. */
  readonly #leaving = new Set<string>();
  /** Processes that a look of `renewDue` is still busy with. */
  readonly #looking = new Set<string>();
  #settings: AgentSettings;
  #nextOrder = 1;
  #stopping = false;

  private constructor(folders: ZoneFolders, settings: AgentSettings, authority: Authority) {
    this.#folders = folders;
    this.#settings = settings;
    this.#authority = authority;
    this.#store = new SpecStore(folders.specs);
    this.#targets = new TargetsFile(folders.targets, settings.zone);
  }

  /** Opens the zone as the last agent left it: clears up after it and starts every process. */
  static async open(folders: ZoneFolders, settings: AgentSettings): Promise<Zone> {
    await sweepTemporaries(folders.root, { below: true });
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

  /** @throws {CodedError} SETTINGS_INVALID */
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
    await Promise.all([this.renewAll('due'), this.#startAfresh()]);
    return status;
  }

  /** @throws {CodedError} PROCESS_UNKNOWN */
  member(name: string): SupervisedProcess {
    const member = this.#members.get(name);
    if (member === undefined) {
      throw this.#unknown(name);
    }
    return member.process;
  }

  /**
   * Makes a process be as its spec says, without waiting for readiness.
   * @throws {CodedError} SPEC_INVALID, PORT_TAKEN, ADDRESS_UNUSABLE, AUTHORITY_MISSING,
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
        await this.#remove(existing);
      }
    });
  }

  /** @throws {CodedError} PROCESS_UNKNOWN, NOT_A_TASK, TASK_RUNNING, ZONE_STOPPING, PORT_TAKEN, … */
  async runTask(
    name: string,
    run: TaskRun,
    output: (child: Child) => Promise<void>,
  ): Promise<Exit> {
    this.#refuseWhenStopping();
    const task = this.member(name);
    if (this.#leaving.has(name)) {
      throw this.#unknown(name);
    }
    if (task.spec.runs !== 'on-demand') {
      throw new CodedError(
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
    const names = [...this.#members.keys()];
    return (await Promise.all(names.map((name) => this.#renew(name, which)))).flat();
  }

  /** Renews what is due; passes over a process that is being changed, or busy with an earlier look. */
  renewDue(): void {
    for (const name of this.#members.keys()) {
      if (!this.#looking.has(name) && !this.#queue(name).isBusy) {
        this.#looking.add(name);
        void this.#renew(name, 'due').finally(() => this.#looking.delete(name));
      }
    }
  }

  /** Says where its processes listen, if that has changed; none of a zone that is stopping is looked for. */
  async tellTargets(): Promise<void> {
    if (!existsSync(this.#folders.root)) return;
    const specs = this.#inOrder().map(({ process: { spec } }) => spec);
    try {
      await this.#targets.tell(this.#stopping ? [] : specs);
      this.#reported.delete(this.#folders.targets);
    } catch (thrown) {
      this.#reportOnce(this.#folders.targets, messageOf(thrown));
    }
  }

  /** Stops all processes, see `stopInOrder`; once forced, at once. */
  async stop(options: { readonly force: boolean }): Promise<void> {
    this.#stopping = true;
    await this.tellTargets();
    const members = this.#inOrder().map(({ process: member }) => member);
    if (options.force) {
      await Promise.all(members.map((member) => member.stop({ force: true })));
      return;
    }
    await stopInOrder(members, (member) => this.#queue(member.spec.name).run(() => member.stop()));
  }

  /**
   * In the process's turn, so that it is not removed meanwhile; only telling it is not, for that may
   * hang until the process is stopped.
   */
  async #renew(name: string, which: Renewal): Promise<readonly string[]> {
    try {
      const tell = await this.#queue(name).run(async () =>
        this.#members.get(name)?.process.renew(which),
      );
      await tell?.();
      this.#reported.delete(certificatesOf(name));
      return [];
    } catch (thrown) {
      const message = messageOf(thrown);
      this.#reportOnce(certificatesOf(name), message);
      return [message];
    }
  }

  /** Starts those again that gave up or wait for their next try: what they lacked may be there now. */
  async #startAfresh(): Promise<void> {
    const names = [...this.#members.keys()];
    await Promise.all(
      names.map((name) =>
        this.#queue(name).run(async () => {
          const member = this.#members.get(name)?.process;
          if (member?.needsFreshStart === true) {
            await member.stop();
            this.#startUnlessStopping(member);
          }
        }),
      ),
    );
  }

  async #remove({ order, process: member }: Member): Promise<void> {
    const { spec } = member;
    this.#leaving.add(spec.name);
    try {
      await this.#store.beginDelete({ order, spec });
      await member.stop();
      await member.remove();
      await this.#store.finishDelete(spec.name);
      this.#members.delete(spec.name);
    } finally {
      this.#leaving.delete(spec.name);
    }
  }

  async #load(): Promise<void> {
    const { specs, deleting, unreadable } = await this.#store.load();
    for (const problem of unreadable) {
      console.error(`spec left alone until 'npm start' writes it again: ${problem}`);
    }
    for (const name of deleting) {
      // Of a torn marker only the name is left: data go when the provider repeats the deletion.
      const spec = (await this.#store.readDeleting(name)) ?? { name, data: false };
      await removeProcess(this.#host(), spec);
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
      await (same ? this.#store.keep({ order, spec: member.spec }) : member.adopt(spec, save));
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
          throw new CodedError(
            'PORT_TAKEN',
            `Process '${spec.name}': its port '${clash.name}' ${clash.address}:${clash.port} is that of process '${other.spec.name}' in the same zone`,
          );
        }
      }
    }
  }

  #refuseWhenStopping(): void {
    if (this.#stopping) {
      throw new CodedError(
        'ZONE_STOPPING',
        `Zone '${this.#settings.zone}': its agent is stopping; 'npm start' starts it again`,
      );
    }
  }

  #unknown(name: string): CodedError {
    return new CodedError(
      'PROCESS_UNKNOWN',
      `Process '${name}': zone '${this.#settings.zone}' has no such process`,
    );
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

  #reportOnce(what: string, message: string): void {
    if (this.#reported.get(what) !== message) {
      this.#reported.set(what, message);
      console.error(`${new Date().toISOString()} ${what}: ${message}`);
    }
  }
}

function certificatesOf(process: string): string {
  return `certificates of '${process}'`;
}

function settingsInvalid(zone: string, problems: readonly string[]): CodedError {
  return new CodedError(
    'SETTINGS_INVALID',
    `Zone '${zone}': its agent's settings are not valid: ${problems.join('; ')}`,
  );
}
