import { join } from 'node:path';
import { TARGETS_FOLDER } from '../../resources/observation-files.ts';
import { agentSocket, placeholdersOf, zoneFolder } from '../../folders.ts';
import type { Folders, Placeholders } from '../../folders.ts';

/** Where the agent of one zone keeps things. */
export class ZoneFolders {
  readonly zone: string;
  readonly runtime: string;
  readonly root: string;
  readonly settings: string;
  readonly agentLog: string;
  /** The agent's own key and chain. */
  readonly authority: string;
  readonly specs: string;
  readonly logs: string;
  /** Which pids were started, and which preparations have begun. */
  readonly running: string;
  readonly lock: string;
  readonly socket: string;
  /** What runs in the zone, for whoever looks at it. */
  readonly targets: string;
  readonly #folders: Folders;

  constructor(folders: Folders, zone: string) {
    const root = zoneFolder(folders, zone);
    this.zone = zone;
    this.runtime = folders.runtime;
    this.root = root;
    this.settings = join(root, 'agent.json');
    this.agentLog = join(root, 'agent.log');
    this.authority = join(root, 'authority');
    this.specs = join(root, 'specs');
    this.logs = join(root, 'logs');
    this.running = join(root, 'running');
    this.lock = join(root, 'lock');
    this.socket = agentSocket(folders, zone);
    this.targets = join(folders.state, TARGETS_FOLDER, `${zone}.json`);
    this.#folders = folders;
  }

  /** What `${…}` means in the spec of a process; `self` and `data` are its folders. */
  placeholders(process: string): Placeholders {
    return placeholdersOf(this.#folders, this.zone, process);
  }

  log(process: string): string {
    return join(this.logs, `${process}.log`);
  }

  /** Pid and start time of the process's latest run. */
  runRecord(process: string): string {
    return join(this.running, `${process}.json`);
  }

  /** There while a preparation is under way. */
  prepareRecord(process: string): string {
    return join(this.running, `${process}.preparing.json`);
  }
}
