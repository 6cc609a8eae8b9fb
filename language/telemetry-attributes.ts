/**
 * Attributes that spans may carry, and those of the process that they come from: whatever else somebody sets is
 * dropped, by the process and again on the way. Names of the semantic conventions are held against them in
 * `services/kit/telemetry/names.test.ts`.
 */
export const SPAN_ATTRIBUTES = [
  'rpc.system.name',
  'rpc.method',
  'rpc.status_code',
  'error.type',
  'db.system.name',
  'db.namespace',
  'db.operation.name',
  'http.request.method',
  'http.route',
  'http.response.status_code',
  'meridian.peer.spiffe_id',
  'meridian.origin.trace_id',
] as const;

/** Attributes of the process that telemetry comes from. */
export const RESOURCE_ATTRIBUTES = [
  'service.name',
  'service.namespace',
  'service.version',
  'service.instance.id',
  'deployment.environment.name',
  'cloud.availability_zone',
] as const;

/** All attributes of telemetry. */
export const TELEMETRY_ATTRIBUTES: readonly string[] = [...SPAN_ATTRIBUTES, ...RESOURCE_ATTRIBUTES];
