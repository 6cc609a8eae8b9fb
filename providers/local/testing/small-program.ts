import { bindHandler } from '../provider/bound-handler.ts';
import type { BoundHandler } from '../provider/bound-handler.ts';
import { processHandler } from '../provider/process.ts';
import type { Context, Properties } from '../provider/resource-handler.ts';
import { rootAuthorityHandler } from '../provider/root-authority.ts';
import { zoneAgentHandler } from '../provider/zone-agent.ts';
import type { ProcessSpec } from '../process-spec.ts';

interface Resource {
  readonly id: string;
  readonly state: Properties;
}

/**
 * A root, a zone and processes, brought up as `pulumi up --refresh` does it: read, compared, and made,
 * changed or replaced; without an engine, which takes seconds.
 */
export class SmallProgram {
  readonly #context: Context;
  readonly #specs: readonly ProcessSpec[];
  readonly #resources = new Map<string, Resource>();
  readonly #root = bindHandler(rootAuthorityHandler);
  readonly #zone = bindHandler(zoneAgentHandler);
  readonly #process = bindHandler(processHandler);

  constructor(context: Context, specs: readonly ProcessSpec[]) {
    this.#context = context;
    this.#specs = specs;
  }

  /** Brings all of it up; returns what was done to each resource. */
  async up(): Promise<Readonly<Record<string, string>>> {
    const names = ['root', 'zone', ...this.#specs.map(({ name }) => name)];
    const before = new Map<string, Resource | undefined>();
    for (const name of names) before.set(name, await this.#read(name));
    const done: Record<string, string> = {};
    for (const name of names) done[name] = await this.#make(name, before.get(name));
    return done;
  }

  async #read(name: string): Promise<Resource | undefined> {
    const known = this.#resources.get(name);
    if (known === undefined) return undefined;
    const found = await this.#handler(name).read(known.id, known.state, this.#context);
    return found.id === '' ? undefined : { id: known.id, state: found.props as Properties };
  }

  async #make(name: string, found: Resource | undefined): Promise<string> {
    const handler = this.#handler(name);
    const checked = handler.check(this.#wanted(name));
    if (checked.failures?.length !== 0) throw new Error(`'${name}' has inputs that are not valid`);
    const wanted = checked.inputs as Properties;
    const { changes = false, replaces = [] } =
      found === undefined ? {} : handler.diff(found.state, wanted);
    if (found === undefined || replaces.length > 0) {
      const { id, outputs } = await handler.create(wanted, this.#context);
      this.#resources.set(name, { id, state: outputs });
      if (found !== undefined) await handler.delete(found.state, this.#context);
      return found === undefined ? 'created' : 'replaced';
    }
    if (!changes) return 'same';
    const state = await handler.update(found.state, wanted, this.#context);
    this.#resources.set(name, { id: found.id, state });
    return 'updated';
  }

  #handler(name: string): BoundHandler {
    if (name === 'root') return this.#root;
    return name === 'zone' ? this.#zone : this.#process;
  }

  #wanted(name: string): Properties {
    if (name === 'root') return { trustDomain: 'test.local', lifetimeDays: 365, state: 'valid' };
    if (name === 'zone') {
      const rootFingerprint = this.#resources.get('root')?.state['fingerprint'];
      const zone = { zone: 't', network: '127.0.9.0/24', leafLifetimeSeconds: 600 };
      return { ...zone, rootFingerprint, state: 'running' };
    }
    const spec = this.#specs.find((candidate) => candidate.name === name);
    return { zone: 't', spec, state: 'running' };
  }
}
