import { create, fromJson, getOption, toJson } from '@bufbuild/protobuf';
import type {
  DescMessage,
  DescMethod,
  JsonObject,
  JsonValue,
  Message,
  MessageInitShape,
} from '@bufbuild/protobuf';
import type { Clients } from '@meridian/kit/clients.ts';
import { http } from '@meridian/kit/contract/gen/google/api/annotations_pb.js';
import { AuditService } from '@meridian/audit/contract/gen/meridian/audit/v1/audit_pb.js';
import type { auditReading } from '@meridian/audit/reading/task.ts';
import type { auditVerification } from '@meridian/audit/verification/task.ts';
import { httpRoutes } from '@meridian/components/model/http-route.ts';
import type { Edge } from '../../shop/edge-client.ts';
import { asked } from './asked.ts';
import type { Credentials } from './asked.ts';
import { untold } from './untold.ts';

/** What programs inside the platform call, by its public API instead. */
export type AuditApi = Clients<typeof auditReading>['audit'] &
  Clients<typeof auditVerification>['audit'];

type Method = (
  init: MessageInitShape<DescMessage>,
  options?: { readonly timeoutMs?: number },
) => Promise<Message>;

/** The methods of audit that have a route, each as the RPC that the route stands for. */
export function auditApi(edge: Edge, credentials: Credentials): AuditApi {
  const methods = AuditService.methods.filter((method) => httpRoutes(method).length > 0);
  const entries = methods.map((method): [string, Method] => [
    method.localName,
    async (init, { timeoutMs } = {}) => {
      const path = pathOf(method, create(method.input, init));
      const timeout = timeoutMs === undefined ? {} : { timeoutMs };
      return answerOf(method, await asked(edge, { method: 'GET', path, ...timeout }, credentials));
    },
  ]);
  // Those that the declarations do not call are there, but the type hides them.
  return Object.fromEntries(entries) as unknown as AuditApi;
}

/** The route with the fields that it names, and the others as its query; fields with their defaults are left out. */
function pathOf(method: DescMethod, request: Message): string {
  const fields = new Map(
    Object.entries(toJson(method.input, request) as JsonObject).map(([name, value]) => [
      name,
      typeof value === 'string' ? value : JSON.stringify(value),
    ]),
  );
  const [{ path: template } = { path: '' }] = httpRoutes(method);
  const path = template.replaceAll(/\{(\w+)\}/g, (_variable, name: string) => {
    const { jsonName = name } = method.input.fields.find((field) => field.name === name) ?? {};
    const value = fields.get(jsonName) ?? '0';
    fields.delete(jsonName);
    return encodeURIComponent(value);
  });
  const query = new URLSearchParams([...fields]).toString();
  return query === '' ? path : `${path}?${query}`;
}

/**
 * The body is the answer, or the one field of it that the route names.
 *
 * @throws {CodedError} AUDIT_API_UNREACHABLE
 */
function answerOf(method: DescMethod, body: unknown): Message {
  const { responseBody } = getOption(method, http);
  const { jsonName } = method.output.fields.find(({ name }) => name === responseBody) ?? {};
  const whole = (jsonName === undefined ? body : { [jsonName]: body }) as JsonValue;
  try {
    return fromJson(method.output, whole ?? {}, { ignoreUnknownFields: true });
  } catch (error) {
    throw untold(`API ${method.name}`, error);
  }
}
