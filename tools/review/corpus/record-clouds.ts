import { cloudResource } from '@meridian/provider-rehearsal/provider/cloud-resource.ts';
import { runtime } from '@pulumi/pulumi';

/** A resource of a cloud as a program declares it. */
export interface CloudResource {
  readonly urn: string;
  readonly type: string;
  readonly inputs: Readonly<Record<string, unknown>>;
  readonly isProtected: boolean;
}

/** What of a registration is read, which mocks are not told. */
interface Registered {
  readonly getType: () => string;
  readonly getName: () => string;
  readonly getProtect: () => boolean;
}

type Register = (request: Registered, callback: unknown) => void;

/** Runs a program without an engine, and gives what it declares in clouds: outputs are those of the rehearsal. */
export async function recordClouds<Made>(
  program: () => Made,
): Promise<{ readonly made: Made; readonly resources: readonly CloudResource[] }> {
  const resources: CloudResource[] = [];
  const protectedOnes = new Set<string>();
  const urnOf = (type: string, name: string): string =>
    `urn:pulumi:prod::meridian::${type}::${name}`;
  await runtime.setMocks(
    {
      newResource: ({ type, name, inputs, id }) => {
        const given = inputs as Readonly<Record<string, unknown>>;
        if (!/^(?:aws|cloudflare|random):/.test(type)) return { id: id ?? name, state: given };
        const urn = urnOf(type, name);
        resources.push({ urn, type, inputs: given, isProtected: false });
        const provider = cloudResource(urn);
        return { id: provider.id(given), state: provider.outputs(given) };
      },
      call: () => ({}),
    },
    'meridian',
    'prod',
  );
  const monitor = runtime.getMonitor() as unknown as {
    registerResource: Register;
    registerResourceHook: unknown;
  };
  const register = monitor.registerResource.bind(monitor);
  Object.assign(monitor, {
    registerResource: (request: Registered, callback: unknown) => {
      if (request.getProtect()) protectedOnes.add(urnOf(request.getType(), request.getName()));
      register(request, callback);
    },
    // Mocks lack it, and nothing that they make would ever run one.
    registerResourceHook: (_hook: unknown, done: (error: null, answer: object) => void) => {
      done(null, {});
    },
  });
  const made: Made[] = [];
  await runtime.runInPulumiStack(() => {
    made.push(program());
    return Promise.resolve({});
  });
  await runtime.disconnect();
  const [result] = made;
  if (result === undefined) throw new Error('The program did not run');
  return {
    made: result,
    resources: resources.map((one) => ({ ...one, isProtected: protectedOnes.has(one.urn) })),
  };
}
