import { isKubernetesOwn } from '../schemas/known-kinds.ts';
import { asSecret, hasUnknown, isRecord, revealed } from './property-values.ts';
import type { Properties } from './property-values.ts';

/**
 * Inputs as Pulumi's provider compares and keeps them: of a Secret `data` alone, as the API server gives no `stringData` back. What
 * is secret of it is marked, whoever declares it. Source: pulumi-kubernetes 4.25.0, provider/pkg/clients/unstructured.go, normalizeSecret
 */
export function normalisedSecret(inputs: Properties): Properties {
  const { apiVersion, kind, stringData, data, ...others } = inputs;
  if (apiVersion !== 'v1' || kind !== 'Secret') return inputs;
  const marked = (fields: Properties): Properties =>
    Object.fromEntries(
      Object.entries(fields).map(([field, value]) => [
        field,
        isRecord(value) ? asSecret(value) : value,
      ]),
    );
  const texts = revealed(stringData);
  if (hasUnknown(inputs) || !isRecord(texts))
    return { ...inputs, ...marked(given({ data, stringData })) };
  const encoded = Object.entries(texts).map(([key, text]) => [key, base64(text)] as const);
  const known = revealed(data);
  const all = { ...(isRecord(known) ? known : {}), ...Object.fromEntries(encoded) };
  return { apiVersion, kind, ...others, ...marked({ data: all }) };
}

/** Fields of Kubernetes' own kinds that are maps, of which an empty one is left out. Any other empty object says something: `emptyDir: {}`. */
const MAPS: ReadonlySet<string> = new Set([
  ...['annotations', 'binaryData', 'data', 'labels', 'limits', 'matchLabels', 'nodeSelector'],
  'requests',
]);

/** Fields that are not pointers, of which `false` is left out. Of a pointer it says something: `automountServiceAccountToken: false`. */
const FLAGS: ReadonlySet<string> = new Set([
  ...['globalDefault', 'hostIPC', 'hostNetwork', 'hostPID', 'paused', 'publishNotReadyAddresses'],
  ...['stdin', 'stdinOnce', 'tty', 'unschedulable'],
]);

/**
 * An object of Kubernetes' own kinds without what Kubernetes itself leaves out: empty lists, empty maps, and flags that are off
 * by being absent; any other object as it is.
 * Source: Kubernetes 1.36, API types (`omitempty`); pulumi-kubernetes 4.25.0, provider/pkg/provider/provider.go, normalizeInputs
 */
export function withoutEmptyMembers(inputs: Properties): Properties {
  const { apiVersion, kind } = inputs;
  if (!isKubernetesOwn(`${String(apiVersion)}/${String(kind)}`)) return inputs;
  return membersWithout(inputs);
}

function membersWithout(members: Properties): Properties {
  return Object.fromEntries(
    Object.entries(members)
      .filter(([key, value]) => !isLeftOut(key, value))
      .map(([key, value]) => [key, valueWithout(value)]),
  );
}

function isLeftOut(key: string, value: unknown): boolean {
  if (Array.isArray(value)) return value.length === 0;
  if (value === false) return FLAGS.has(key);
  return MAPS.has(key) && isRecord(value) && Object.keys(value).length === 0;
}

function valueWithout(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(valueWithout);
  return isRecord(value) ? membersWithout(value) : value;
}

function given(fields: Properties): Properties {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
}

function base64(text: unknown): string {
  return Buffer.from(String(text)).toString('base64');
}
