import * as values from '@pulumi/pulumi/runtime/rpc.js';
import type * as messages from '@pulumi/pulumi/proto/resource_pb.js';

/** What a request carries that the engine would act upon. */
type AnyRequest = Partial<
  Pick<
    messages.RegisterResourceRequest,
    'getObject' | 'getReplacementTrigger' | 'getTransformsList' | 'getType'
  > &
    Pick<messages.RegisterResourceOutputsRequest, 'getOutputs'> &
    Pick<messages.ReadResourceRequest, 'getProperties'> &
    Pick<messages.ResourceInvokeRequest, 'getArgs' | 'getTok'>
>;

/** Methods that end at the engine or at a provider. What is not here would call, load or start something. */
const ALLOWED = new Set(
  [
    ...['GetDeploymentInfo', 'SupportsFeature', 'Invoke', 'Call', 'ReadResource'],
    ...['RegisterResource', 'RegisterResourceOutputs', 'SignalAndWaitForShutdown'],
    // The gate answers these by itself: no hook reaches the engine.
    ...['RegisterResourceHook', 'RegisterErrorHook'],
  ]
    .map((name) => `/pulumirpc.ResourceMonitor/${name}`)
    .concat(
      ['Log', 'GetRootResource', 'SetRootResource', 'RequirePulumiVersion'].map(
        (name) => `/pulumirpc.Engine/${name}`,
      ),
    ),
);

/** The package of a type or function names a program that the engine looks for: no path. */
const TOKEN = /^[A-Za-z][\w-]*(?::[^:]*)*$/;

/** A provider, whose package comes last: 'pulumi:providers:kubernetes'. */
const PROVIDER = /^pulumi:providers:(?<name>.*)$/;

const NAME = /^[A-Za-z][\w-]*$/;

/**
 * Why a request of a program in a sandbox is refused, in words that follow 'gives no'; undefined where it is not. By
 * what is refused the engine would, outside of the sandbox, read a file or an address that the program names (assets
 * and archives are hashed as they come), call an address back (transforms), or start a plugin by its path.
 *
 * @param properties those that were read apart from the request
 */
export function refusalOf(
  method: string,
  request: object,
  properties: Readonly<Record<string, unknown>> = {},
): string | undefined {
  if (!ALLOWED.has(method)) return `'${method.slice(method.lastIndexOf('/') + 1)}'`;
  const asked: AnyRequest = request;
  const values = [
    asked.getObject?.(),
    asked.getReplacementTrigger?.(),
    asked.getOutputs?.(),
    asked.getProperties?.(),
    asked.getArgs?.(),
  ].map((members) => members?.toJavaScript());
  if ([properties, ...values].some(hasAsset)) return 'file of an asset or archive to a resource';
  if ((asked.getTransformsList?.() ?? []).length > 0) return 'transform of resources';
  const token = asked.getType?.() ?? asked.getTok?.() ?? '';
  if (token !== '' && !isPlain(token)) return 'plugin by its path';
  return undefined;
}

function isPlain(token: string): boolean {
  const provider = PROVIDER.exec(token)?.groups?.['name'];
  return provider === undefined ? TOKEN.test(token) : NAME.test(provider);
}

function hasAsset(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  const signature: unknown = Reflect.get(value, values.specialSigKey);
  if (signature === values.specialAssetSig || signature === values.specialArchiveSig) return true;
  return Object.values(value).some(hasAsset);
}
