import { messageOf } from '@meridian/language/thrown.ts';
import { CodedError } from '@meridian/language/coded-error.ts';
import type { ProcessSpec } from '@meridian/provider-local/process-spec.ts';
import type { DevelopedService } from '@meridian/components/local/lower-development.ts';
import type { DevelopedProgram } from './developed-program.ts';
import { isGenerated, planOf } from './plan.ts';
import { ReplicaSwap } from './replica-swap.ts';
import type { Surroundings, SwapOptions } from './replica-swap.ts';

/** What development does besides swapping replicas. */
export interface Workshop extends Surroundings {
  /**
   * Generates code from contracts that have changed, and reads the declarations with it; what it writes is
   * for `look`. @throws {CodedError} with what the generator says, PROGRAM_BROKEN
   */
  readonly generate: (contracts: readonly string[]) => Promise<DevelopedProgram>;
  /** The files that a service is made of now, from the program's root. */
  readonly sourcesOf: (service: string) => readonly string[];
  /** Files that have changed since anybody was told. */
  readonly look: () => readonly string[];
  /** Reads the declarations as they are now. @throws {CodedError} PROGRAM_BROKEN */
  readonly lower: () => Promise<DevelopedProgram>;
  /** Brings the whole platform to what the program says. @throws {CodedError} UP_FAILED */
  readonly deploy: () => Promise<void>;
  /** Arguments of Node.js for a replica. */
  readonly nodeFlags: NonNullable<SwapOptions['nodeFlags']>;
  /** Told when a replica of a service has taken over, with how long that took. */
  readonly served: (service: string, process: ProcessSpec, elapsedMs: number) => void;
}

/**
 * The loop of development: files change, and replicas of them take over. One change is worked off at a
 * time; one that comes meanwhile ends what has not taken over yet, and both are worked off together.
 */
export class Development {
  readonly #shop: Workshop;
  readonly #watched: readonly string[];
  readonly #swaps = new Map<string, ReplicaSwap>();
  readonly #sources = new Map<string, readonly string[]>();
  /** What runs has been told, besides its code. */
  readonly #told = new Map<string, string>();
  #structure: string;
  #pending = new Set<string>();
  #program: DevelopedProgram;
  #current: AbortController | undefined;
  #working: Promise<void> = Promise.resolve();
  #stopped = false;

  /** @param watched names of services */
  constructor(shop: Workshop, program: DevelopedProgram, watched: readonly string[]) {
    this.#shop = shop;
    this.#program = program;
    this.#watched = watched;
    this.#structure = program.structure;
    for (const service of program.services) {
      this.#sources.set(service.name, shop.sourcesOf(service.name));
      this.#told.set(service.name, whatIsTold(service));
    }
  }

  /** Lets the code of all watched services take over as it is now. */
  begin(): Promise<void> {
    return this.#queue(async (signal) => this.#swapAll(this.#watched, signal));
  }

  /** Takes files that have changed. Resolves when they, or what came after them, have been worked off. */
  changed(files: readonly string[]): Promise<void> {
    for (const file of files) this.#pending.add(file);
    this.#current?.abort();
    return this.#queue((signal) => this.#workOff(signal));
  }

  /** Ends what has not taken over; what has goes on running, and is the only one of its service. */
  async stop(): Promise<void> {
    this.#stopped = true;
    this.#current?.abort();
    await this.#working;
    await Promise.all([...this.#swaps.values()].map((swap) => swap.settle()));
  }

  #queue(work: (signal: AbortSignal) => Promise<void>): Promise<void> {
    this.#working = this.#working.then(async () => {
      if (this.#stopped) return;
      this.#current = new AbortController();
      try {
        await work(this.#current.signal);
      } catch (thrown) {
        if (!(thrown instanceof CodedError)) throw thrown;
        this.#shop.say(`${thrown.message} [${thrown.code}]`);
      } finally {
        this.#current = undefined;
      }
    });
    return this.#working;
  }

  async #workOff(signal: AbortSignal): Promise<void> {
    const files = new Set(this.#pending);
    if (files.size === 0) return;
    this.#pending.clear();
    try {
      await this.#takeUp(files, signal);
    } catch (thrown) {
      if (!signal.aborted) throw thrown;
    }
    // What was given up is taken up with what came after it.
    if (signal.aborted) for (const file of files) this.#pending.add(file);
  }

  /** @param files gets those that are generated, too */
  async #takeUp(files: Set<string>, signal: AbortSignal): Promise<void> {
    const plan = planOf([...files]);
    if (plan.packages.length > 0) {
      this.#shop.say(
        `${plan.packages.join(', ')}: other packages are installed by 'npm ci', which no running service survives in one piece; stop here, run 'npm ci' and 'npm start', and go on`,
      );
    }
    const generated = plan.generates ? await this.#generate(files, signal) : undefined;
    const full = planOf([...files]);
    if (full.lowers) {
      this.#program = generated ?? (await this.#shop.lower());
      if (this.#program.structure !== this.#structure) {
        const why = full.migrations.length > 0 ? full.migrations.join(', ') : 'the declarations';
        this.#shop.say(`${why}: more than code has changed, so Pulumi applies it first`);
        await this.#shop.deploy();
        this.#structure = this.#program.structure;
        await this.#swapAll(this.#watched, signal);
        return;
      }
    }
    await this.#swapAll(this.#affected(full.code), signal);
  }

  /** Generates until no contract has been saved meanwhile: nobody else is told of what is saved then. */
  async #generate(files: Set<string>, signal: AbortSignal): Promise<DevelopedProgram> {
    for (;;) {
      signal.throwIfAborted();
      const program = await this.#generateOnce(files);
      const written = this.#shop.look();
      for (const file of written) files.add(file);
      const late = planOf(written.filter((file) => !isGenerated(file)));
      // Whoever has saved a declaration meanwhile may have been too late.
      if (!late.generates) return late.lowers ? this.#shop.lower() : program;
    }
  }

  async #generateOnce(files: ReadonlySet<string>): Promise<DevelopedProgram> {
    try {
      return await this.#shop.generate([...files]);
    } catch (thrown) {
      // What an earlier contract gave is not written a second time when this one has been corrected.
      for (const file of files) if (isGenerated(file)) this.#pending.add(file);
      throw thrown;
    }
  }

  /**
   * Of the watched services those that are made of the files, and of all those that a contract or a
   * declaration has told something else: a new method is none until its callers know it.
   */
  #affected(code: readonly string[]): readonly string[] {
    const { services } = this.#program;
    const told = services
      .filter((service) => whatIsTold(service) !== this.#told.get(service.name))
      .map(({ name }) => name);
    const edited = this.#madeOf(code).filter((name) => this.#watched.includes(name));
    const called = this.#madeOf(code.filter(isGenerated));
    return services
      .map(({ name }) => name)
      .filter((name) => [told, edited, called].flat().includes(name));
  }

  /** The services that are made of some of the files, or were before. */
  #madeOf(files: readonly string[]): readonly string[] {
    if (files.length === 0) return [];
    return this.#program.services
      .map(({ name }) => name)
      .filter((name) => {
        const known = this.#sources.get(name) ?? [];
        const now = this.#shop.sourcesOf(name);
        this.#sources.set(name, now);
        return files.some((file) => known.includes(file) || now.includes(file));
      });
  }

  async #swapAll(names: readonly string[], signal: AbortSignal): Promise<void> {
    const startedAt = performance.now();
    const swaps = new Map<string, Promise<void>>();
    // Callees stand before their callers here: each takes over after those that it calls.
    for (const service of calleesFirst(this.#program.services, names)) {
      const after = Promise.allSettled(
        service.callees.map((callee) => swaps.get(callee) ?? Promise.resolve()),
      );
      const { nodeFlags } = this.#shop;
      swaps.set(
        service.name,
        this.#swapOf(service.name)
          .swap(service, { signal, after, nodeFlags })
          .then((spec) => this.#served(service, spec, startedAt)),
      );
    }
    const outcomes = await Promise.allSettled(swaps.values());
    for (const outcome of outcomes) {
      if (outcome.status === 'fulfilled' || signal.aborted) continue;
      if (!(outcome.reason instanceof CodedError)) throw outcome.reason;
      this.#shop.say(messageOf(outcome.reason));
    }
    signal.throwIfAborted();
  }

  #served(service: DevelopedService, spec: ProcessSpec, startedAt: number): void {
    this.#told.set(service.name, whatIsTold(service));
    this.#shop.served(service.name, spec, performance.now() - startedAt);
  }

  #swapOf(name: string): ReplicaSwap {
    const swap = this.#swaps.get(name) ?? new ReplicaSwap(name, this.#shop);
    this.#swaps.set(name, swap);
    return swap;
  }
}

/** What a service gets besides its code. */
function whatIsTold({ standIns }: DevelopedService): string {
  return JSON.stringify(standIns[0]?.process.files);
}

function calleesFirst(
  services: readonly DevelopedService[],
  names: readonly string[],
): readonly DevelopedService[] {
  const ordered: DevelopedService[] = [];
  const visit = (name: string): void => {
    const service = services.find((candidate) => candidate.name === name);
    if (service === undefined || ordered.includes(service)) return;
    service.callees.forEach(visit);
    ordered.push(service);
  };
  names.forEach(visit);
  return ordered.filter(({ name }) => names.includes(name));
}
