import type { DescService } from '@bufbuild/protobuf';
import type { AccessTable } from '@meridian/language/access.ts';
import { rememberPlace } from '@meridian/language/declared-place.ts';
import type { Signature } from '@meridian/language/process-folder.ts';
import type { Call } from './call.ts';
import type { AnyExternal } from './external.ts';
import type { AlertDeclaration } from './alert.ts';
import type { Objectives } from './objectives.ts';
import type { DeclaredScale, Limits, RateLimits } from './sizing.ts';
import { DEFAULT_LIMITS, DEFAULT_SCALE } from './sizing.ts';
import type { Store } from './store.ts';
import type { Topic } from '@meridian/language/topic.ts';

/**
 * Who can reach a service: 'public' ones through the edge by their annotated methods, 'internal'
 * ones only from inside, and the 'edge' one is the door itself.
 */
export const EXPOSURES = ['public', 'internal', 'edge'] as const;

/** One of EXPOSURES. */
export type Exposure = (typeof EXPOSURES)[number];

/** The methods of a contract, by their names in TypeScript. */
type MethodsOf<Contract> = Contract extends DescService ? keyof Contract['method'] & string : never;

/** A service as given in services/<name>/service.ts. */
export interface ServiceProps<
  Name extends string,
  Contract extends DescService | undefined,
  Calls extends readonly Call[],
  Stores extends readonly Store[],
  Publishes extends readonly Topic[],
  Consumes extends readonly Topic[],
> {
  /** A lower-case RFC 1123 label that starts with a letter; also the folder under services/. */
  readonly name: Name;
  /** What it does, in one line. */
  readonly summary: string;
  /** Who is on call for it: the name of a rota, of the form of a service's. */
  readonly owner: string;
  /**
   * Its own place among addresses, 0 to MAX_SLOT: those of its replicas follow from it where a landing
   * gives addresses out by itself. No other service has it, and it stays when others come and go.
   */
  readonly slot: number;
  /** Its protobuf service. @default none, which only the edge service may have */
  readonly contract?: Contract;
  /** What it calls; each gives it a client and puts it on the callee's allow-list. @default [] */
  readonly calls?: Calls;
  /** Topics that its outbox may write to; any other does not compile. @default [] */
  readonly publishes?: Publishes;
  /** Topics that it handles events of. @default [] */
  readonly consumes?: Consumes;
  /** @default [] */
  readonly stores?: Stores;
  /** Systems outside the platform that it talks to. @default [] */
  readonly externals?: readonly AnyExternal[];
  /** Messages of its own that others verify long after the connection is closed. @default [] */
  readonly signs?: readonly Signature[];
  readonly exposure: Exposure;
  /**
   * Methods of a public service that the edge must not reach; every other method of it needs a
   * google.api.http annotation, so that none is exposed or hidden by accident. @default []
   */
  readonly internalMethods?: readonly string[];
  /**
   * Methods that the platform itself calls, such as a task, a saga or a poll: they run without a
   * signed context too. All others are refused without one. @default []
   */
  readonly systemMethods?: readonly string[];
  /**
   * Who may call its routed methods: a row for each, which services/<name>/access.ts has. @default {},
   * for a service without such methods
   */
  readonly access?: AccessTable<MethodsOf<Contract>>;
  /** Merged over DEFAULT_SCALE. */
  readonly scale?: Partial<DeclaredScale>;
  /** Merged over DEFAULT_LIMITS. */
  readonly limits?: Partial<Limits>;
  /** How often its callers may ask; the edge service must say so, no other may. @default {} */
  readonly rateLimits?: RateLimits;
  readonly objectives: Objectives<MethodsOf<Contract>>;
  /** Alerts on metrics of its own, beside those that every service has. @default [] */
  readonly alerts?: readonly AlertDeclaration[];
  /** Whether it has code; only then is it landed. */
  readonly implemented: boolean;
}

/** A declared service with every default filled in; its type carries its literal names. */
export interface ServiceDeclaration<
  Name extends string = string,
  Contract extends DescService | undefined = DescService | undefined,
  Calls extends readonly Call[] = readonly Call[],
  Stores extends readonly Store[] = readonly Store[],
  Publishes extends readonly Topic[] = readonly Topic[],
  Consumes extends readonly Topic[] = readonly Topic[],
> {
  readonly kind: 'service';
  readonly name: Name;
  readonly summary: string;
  readonly owner: string;
  readonly slot: number;
  readonly contract: Contract;
  readonly calls: Calls;
  readonly publishes: Publishes;
  readonly consumes: Consumes;
  readonly stores: Stores;
  readonly externals: readonly AnyExternal[];
  readonly signs: readonly Signature[];
  readonly exposure: Exposure;
  readonly internalMethods: readonly string[];
  readonly systemMethods: readonly string[];
  readonly access: AccessTable;
  readonly scale: DeclaredScale;
  readonly limits: Limits;
  readonly rateLimits: RateLimits;
  readonly objectives: Objectives;
  readonly alerts: readonly AlertDeclaration[];
  readonly implemented: boolean;
}

/** Any declared service. */
export type AnyService = ServiceDeclaration;

/** Declares a service: inert, with defaults filled in; buildGraph validates it with the others. */
export function defineService<
  const Name extends string,
  Contract extends DescService | undefined = undefined,
  const Calls extends readonly Call[] = readonly [],
  const Stores extends readonly Store[] = readonly [],
  const Publishes extends readonly Topic[] = readonly [],
  const Consumes extends readonly Topic[] = readonly [],
>(
  props: ServiceProps<Name, Contract, Calls, Stores, Publishes, Consumes>,
): ServiceDeclaration<Name, Contract, Calls, Stores, Publishes, Consumes> {
  const { contract, calls, stores, publishes, consumes, ...rest } = props;
  const declared: ServiceDeclaration<Name, Contract, Calls, Stores, Publishes, Consumes> = {
    externals: [],
    signs: [],
    internalMethods: [],
    systemMethods: [],
    access: {},
    rateLimits: {},
    alerts: [],
    ...rest,
    kind: 'service',
    // An option that is not given has its type parameter's default, which the compiler cannot see.
    contract: contract as Contract,
    calls: calls ?? ([] as readonly Call[] as Calls),
    stores: stores ?? ([] as readonly Store[] as Stores),
    publishes: publishes ?? ([] as readonly Topic[] as Publishes),
    consumes: consumes ?? ([] as readonly Topic[] as Consumes),
    scale: { ...DEFAULT_SCALE, ...props.scale },
    limits: { ...DEFAULT_LIMITS, ...props.limits },
  };
  return rememberPlace(declared, defineService);
}
