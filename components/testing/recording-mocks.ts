import { setImmediate } from 'node:timers/promises';
import { runtime } from '@pulumi/pulumi';

/** A resource that a test's program registered, with what it was given. */
export interface RecordedResource {
  readonly type: string;
  readonly name: string;
  readonly inputs: Readonly<Record<string, unknown>>;
}

/** What a program under test registered. */
export interface Recording {
  readonly resources: readonly RecordedResource[];
  /** 'start <name>' and 'end <name>' in the order in which they happened. */
  readonly timeline: readonly string[];
  /** The resource of that name; throws when there is none. */
  resource(name: string): RecordedResource;
  /** The names of all resources of a kind, such as 'Process', sorted. */
  names(kind: string): readonly string[];
  /** Whether one resource was registered only when the other was done. */
  waits(name: string, other: string): boolean;
}

/** Turns of the event loop that a mocked resource takes, so that whoever does not wait is seen. */
const REGISTRATION_TURNS = 25;

/**
 * Installs Pulumi mocks in which registration takes a while, runs a program and waits for all that
 * it registered. Dependencies show in the order: Pulumi hands mocks nothing else of them.
 *
 * @param outputs what a provider says of resources besides what they were given, by their type
 */
export async function record(
  program: () => void,
  outputs: Readonly<Record<string, object>> = {},
): Promise<Recording> {
  const resources: RecordedResource[] = [];
  const timeline: string[] = [];
  await runtime.setMocks({
    newResource: async ({ type, name, inputs, custom }) => {
      const given = inputs as Readonly<Record<string, unknown>>;
      resources.push({ type, name, inputs: given });
      timeline.push(`start ${name}`);
      for (let turn = 0; custom === true && turn < REGISTRATION_TURNS; turn += 1) {
        await setImmediate();
      }
      timeline.push(`end ${name}`);
      const made = type.startsWith('aws:')
        ? { arn: `arn:aws:${name}` }
        : { fingerprint: `${name}-fingerprint` };
      return { id: `${name}-id`, state: { ...made, ...given, ...outputs[type] } };
    },
    call: () => ({}),
  });
  knowHooks();
  await runtime.runInPulumiStack(() => {
    program();
    return Promise.resolve({});
  });
  await runtime.disconnect();
  return {
    resources,
    timeline,
    resource: (name) => {
      const found = resources.find((resource) => resource.name === name);
      if (found === undefined) throw new Error(`Nothing registered '${name}'`);
      return found;
    },
    names: (kind) =>
      resources
        .filter(({ type }) => type === `meridian-local:index:${kind}`)
        .map(({ name }) => name)
        .toSorted(),
    waits: (name, other) => {
      const [start, end] = [timeline.indexOf(`start ${name}`), timeline.indexOf(`end ${other}`)];
      return start >= 0 && end >= 0 && end < start;
    },
  };
}

/** Pulumi's mocks lack the call by which a program registers a hook; nothing that they make would ever run one. */
function knowHooks(): void {
  const monitor: unknown = runtime.getMonitor();
  Object.assign(monitor as object, {
    registerResourceHook: (_hook: unknown, done: (error: null, answer: object) => void) => {
      done(null, {});
    },
  });
}
