import { createRequire } from 'node:module';
import * as grpc from '@grpc/grpc-js';
import * as values from '@pulumi/pulumi/runtime/rpc.js';
import type * as pluginMessages from '@pulumi/pulumi/proto/plugin_pb.js';
import type * as providerMessages from '@pulumi/pulumi/proto/provider_pb.js';
import type * as structMessages from 'google-protobuf/google/protobuf/struct_pb.js';
import { CLUSTER_CHECK, packageName } from '../../cluster/resources/cluster-check-type.ts';
import { CLOUD_PACKAGES, cloudSource } from '../clouds/cloud-types.ts';
import { cloudResource } from './cloud-resource.ts';
import { clusterCheck } from './cluster-check.ts';
import { configurationChanges } from './configuration-changes.ts';
import type { Helm } from './helm-template.ts';
import { kubernetesObject } from './kubernetes-object.ts';
import type { Properties } from './property-values.ts';
import { release, RELEASE_TYPE } from './release.ts';
import { diffResponse } from './diff-response.ts';
import type { RehearsedResource } from './rehearsed-resource.ts';
import type { ResourceRequest, ResourceResponse } from './resource-messages.ts';

const require = createRequire(import.meta.url);
const messages = require('@pulumi/pulumi/proto/provider_pb.js') as typeof providerMessages;
const plugin = require('@pulumi/pulumi/proto/plugin_pb.js') as typeof pluginMessages;
const { Empty } = require('google-protobuf/google/protobuf/empty_pb.js') as {
  readonly Empty: new () => object;
};

/** One server answers for every package, and the engine wants none that is older than a program's: AWS's numbers are the highest. */
const version = cloudSource('aws').split(' ').at(-1) ?? '';

/** Provider packages that a rehearsal stands in for, wherever a stack runs. */
export const REHEARSED_PACKAGES = ['kubernetes', packageName, ...CLOUD_PACKAGES] as const;

/** The one of a stack that is on this machine. */
export const LOCAL_PACKAGE = 'meridian-local';

type Struct = structMessages.Struct;

/**
 * Answers one call; what it throws becomes the call's error. The caller is a provider of the program: for each the engine opens a
 * connection of its own.
 */
type Answer<Request> = (request: Request, caller: string) => object;

/** A resource that no cluster would take. */
export interface RehearsalProblem {
  readonly urn: string;
  /** The property, and what is wrong with it. */
  readonly message: string;
}

/** Where a rehearsal takes place. */
export interface RehearsalOptions {
  /** Where Pulumi runs the program, from which charts' paths are told. */
  readonly folder: string;
  /** Resources of this machine by their URN, of a stack that has such. @default it has none */
  readonly localResource?: (urn: string) => RehearsedResource;
  /** Renders charts that are at hand. @default they are taken by name, version and values */
  readonly helm?: Helm;
  /**
   * Whether a preview knows the outputs of what is made or changed: with 'unknown' nothing that follows from them is
   * known either, as before a real deployment. @default 'known'
   */
  readonly outputs?: 'known' | 'unknown';
  /**
   * Takes every problem, so that the engine goes on and all of them are found. @default the engine
   * is told, and ends at the first
   */
  readonly onProblem?: (problem: RehearsalProblem) => void;
  /** Is told of every resource that a provider is asked of, by its URN. */
  readonly onAsked?: (urn: string) => void;
}

/**
 * Implements `pulumirpc.ResourceProvider` for every package that a rehearsal stands in for. Between calls it keeps what each provider of
 * the program was told, and nothing else: the same questions get the same answers.
 */
export function createRehearsalService(
  options: RehearsalOptions,
): grpc.UntypedServiceImplementation {
  const { onProblem, outputs = 'known' } = options;
  const resourceOf = resourcesIn(options);
  const told = new Map<string, Properties>();
  return {
    ...configuration,
    configure: unary((request: providerMessages.ConfigureRequest, caller) => {
      told.set(caller, read(request.getArgs()));
      const response = new messages.ConfigureResponse();
      response.setAcceptsecrets(true);
      response.setSupportspreview(true);
      return response;
    }),
    check: unary(({ urn, news }: ResourceRequest, caller): ResourceResponse => {
      options.onAsked?.(urn);
      const { inputs, problems } = resourceOf(urn).check(news(), told.get(caller) ?? {});
      if (onProblem !== undefined) problems.forEach((message) => onProblem({ urn, message }));
      // The engine would print the whole value of a property that is named apart from the reason.
      return { properties: inputs, failures: onProblem === undefined ? problems : [] };
    }),
    diff: unary(({ urn, news, olds, oldInputs }: ResourceRequest) => {
      const before = { inputs: oldInputs(), outputs: olds() };
      const inputs = news();
      const problems = resourceOf(urn).refusals(before, inputs);
      if (onProblem !== undefined) problems.forEach((message) => onProblem({ urn, message }));
      else if (problems.length > 0) throw new Error(problems.join('\n'));
      return diffResponse(resourceOf(urn).changes(before, inputs));
    }),
    create: unary(({ urn, news, isPreview }: ResourceRequest): ResourceResponse => {
      const resource = resourceOf(urn);
      const inputs = news();
      const isUnknown = outputs === 'unknown' && isPreview;
      return {
        // To the engine an empty identity is one that is not known yet.
        id: isUnknown ? '' : resource.id(inputs),
        properties: outputsOf(resource, inputs, isUnknown),
      };
    }),
    update: unary(({ urn, news, olds, isPreview }: ResourceRequest): ResourceResponse => {
      const isUnknown = outputs === 'unknown' && isPreview;
      return { properties: outputsOf(resourceOf(urn), news(), isUnknown, olds()) };
    }),
    delete: unary(() => new Empty()),
    cancel: unary(() => new Empty()),
    ...refusals,
  };
}

/** What is asked of a provider before it is asked of resources. */
const configuration: grpc.UntypedServiceImplementation = {
  handshake: unary(() => {
    const response = new messages.ProviderHandshakeResponse();
    response.setAcceptSecrets(true);
    return response;
  }),
  attach: unary(() => new Empty()),
  getPluginInfo: unary(() => {
    const info = new plugin.PluginInfo();
    info.setVersion(version);
    return info;
  }),
  checkConfig: unary((request: providerMessages.CheckRequest) => {
    const response = new messages.CheckResponse();
    response.setInputs(request.getNews());
    return response;
  }),
  diffConfig: unary((request: providerMessages.DiffRequest) =>
    diffResponse(
      configurationChanges(
        typeOf(request.getUrn()),
        read(request.getOldInputs()),
        read(request.getNews()),
      ),
    ),
  ),
};

/** What stands for the resource of a URN. Throws Error for one that is of no package which is rehearsed. */
function resourcesIn({
  folder,
  helm,
  localResource,
}: RehearsalOptions): (urn: string) => RehearsedResource {
  const releases = release(folder, helm);
  return (urn) => {
    const type = typeOf(urn);
    if (localResource !== undefined && type.startsWith(`${LOCAL_PACKAGE}:`)) {
      return localResource(urn);
    }
    if (!REHEARSED_PACKAGES.some((name) => type.startsWith(`${name}:`))) {
      throw new Error(`Type '${type}': must be of ${REHEARSED_PACKAGES.join(' or ')}`);
    }
    if (CLOUD_PACKAGES.some((name) => type.startsWith(`${name}:`))) return cloudResource(urn);
    if (type === CLUSTER_CHECK) return clusterCheck;
    return type === RELEASE_TYPE ? releases : kubernetesObject;
  };
}

/** Of what is not known yet a program gets what it gave itself, and nothing of what a provider would add. */
function outputsOf(
  resource: RehearsedResource,
  inputs: Properties,
  isUnknown: boolean,
  before?: Properties,
): Properties {
  const outputs = resource.outputs(inputs, {
    ...(before === undefined ? {} : { before }),
    ...(isUnknown ? { unknown: values.unknownValue } : {}),
  });
  if (!isUnknown || resource.fillsIn === true) return outputs;
  return Object.fromEntries(
    Object.entries(outputs).map(([name, value]) => [
      name,
      Object.hasOwn(inputs, name) ? value : values.unknownValue,
    ]),
  );
}

/** What would make a preview depend on a cluster. */
const refusals: grpc.UntypedServiceImplementation = {
  read: unary(() => refuse('reads nothing from a cluster', 'a read (`X.get` or an import)')),
  invoke: unary((request: providerMessages.InvokeRequest) => refuseInvoke(request.getTok())),
  call: unary((request: providerMessages.CallRequest) => refuseInvoke(request.getTok())),
  construct: unary((request: providerMessages.ConstructRequest) =>
    refuse('has only plain resources', `component '${request.getType()}'`),
  ),
};

function unary<Request>(answer: Answer<Request>): grpc.handleUnaryCall<Request, object> {
  return (call, callback) => {
    try {
      callback(null, answer(call.request, call.getPeer()));
    } catch (error) {
      callback({
        code: grpc.status.UNKNOWN,
        details: `rehearsal: ${error instanceof Error ? error.message : String(error)}`,
      });
    }
  };
}

function refuseInvoke(token: string): never {
  return refuse('makes no provider invoke, so that two previews are equal', `invoke '${token}'`);
}

function refuse(rule: string, got: string): never {
  throw new Error(`The program ${rule}; got ${got}. Make it a setting of the stack instead.`);
}

/** urn:pulumi:<stack>::<project>::<parent type>$<type>::<name> */
function typeOf(urn: string): string {
  return urn.split('::')[2]?.split('$').at(-1) ?? '';
}

function read(given: Struct | undefined): Properties {
  return given?.toJavaScript() ?? {};
}
